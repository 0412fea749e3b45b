-- Owners whose name holds a text, with the box of their runs.
-- The names are read by jumping from one to the next in the index, not by reading every run.
-- holds: pattern, signs escaped; most: how many. Returns name, box as GeoJSON in the storage CRS.
WITH RECURSIVE named (name) AS (
    (SELECT owner FROM networks_run WHERE known_to IS NULL AND owner IS NOT NULL ORDER BY owner USING ~<~ LIMIT 1)
  UNION ALL
    SELECT (SELECT owner FROM networks_run
             WHERE known_to IS NULL AND owner IS NOT NULL AND owner ~>~ named.name
             ORDER BY owner USING ~<~ LIMIT 1)
      FROM named
     WHERE named.name IS NOT NULL
),
wanted AS (
    SELECT name FROM named WHERE name ILIKE :holds ORDER BY length(name), name LIMIT :most
)
SELECT wanted.name,
       (SELECT CAST(ST_AsGeoJSON(CAST(ST_SetSRID(ST_Extent(axis), 4548) AS geometry), 2) AS json)
          FROM networks_run
         WHERE known_to IS NULL AND owner IS NOT NULL AND owner = wanted.name)
  FROM wanted
 ORDER BY length(wanted.name), wanted.name
