-- Roads whose name holds a text, with the box of the runs that lie in them.
-- The names are read by jumping from one to the next in the index, not by reading every run.
-- holds: pattern, signs escaped; most: how many. Returns name, box as GeoJSON in the storage CRS.
WITH RECURSIVE named (name) AS (
    (SELECT road FROM networks_run WHERE known_to IS NULL AND road IS NOT NULL ORDER BY road USING ~<~ LIMIT 1)
  UNION ALL
    SELECT (SELECT road FROM networks_run
             WHERE known_to IS NULL AND road IS NOT NULL AND road ~>~ named.name
             ORDER BY road USING ~<~ LIMIT 1)
      FROM named
     WHERE named.name IS NOT NULL
),
wanted AS (
    SELECT name FROM named WHERE name ILIKE :holds ORDER BY length(name), name LIMIT :most
)
SELECT wanted.name,
       (SELECT CAST(ST_AsGeoJSON(ST_Envelope(ST_Collect(axis)), 2) AS json)
          FROM networks_run
         WHERE known_to IS NULL AND road IS NOT NULL AND road = wanted.name)
  FROM wanted
 ORDER BY length(wanted.name), wanted.name
