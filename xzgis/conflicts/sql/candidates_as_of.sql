-- Runs as they were known at one time whose axis box meets one of the boxes of a work.
-- as_of: timestamptz. near_*, far_*: as in candidates.sql.
select object_id,
       axis,
       array_send(crown_m),
       array_send(bottom_m),
       array_send(ground_m),
       kind,
       pressure_class,
       voltage_kv,
       burial,
       material,
       nominal_width_mm,
       outer_width_mm,
       outer_height_mm,
       outer_spread_mm,
       sigma_plan_m,
       sigma_level_m,
       life_state,
       from_node_id,
       to_node_id,
       bank_id
  from networks_run
 where known_from <= :as_of
   and (known_to is null or known_to > :as_of)
   and (axis && any (array(
            select st_makeenvelope(x0, y0, x1, y1, 4548)
              from unnest(cast(:near_x0 as float8[]), cast(:near_y0 as float8[]),
                          cast(:near_x1 as float8[]), cast(:near_y1 as float8[])) as box (x0, y0, x1, y1)))
        or (axis && any (array(
                select st_makeenvelope(x0, y0, x1, y1, 4548)
                  from unnest(cast(:far_x0 as float8[]), cast(:far_y0 as float8[]),
                              cast(:far_x1 as float8[]), cast(:far_y1 as float8[])) as box (x0, y0, x1, y1)))
            and (sigma_plan_m > 0.5 or outer_width_mm > 3000 or outer_spread_mm > 500)))
