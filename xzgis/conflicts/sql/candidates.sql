-- Current runs whose axis box meets one of the boxes of a work.
-- near_*: corners of the boxes grown for ordinary runs. far_*: grown further, for runs that are unusually wide
-- or unusually vague (see unusual.sql); empty arrays where the register holds none.
-- An index scan over the array of boxes yields each run once, so nothing has to be made distinct.
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
 where known_to is null
   and (axis && any (array(
            select st_makeenvelope(x0, y0, x1, y1, 4548)
              from unnest(cast(:near_x0 as float8[]), cast(:near_y0 as float8[]),
                          cast(:near_x1 as float8[]), cast(:near_y1 as float8[])) as box (x0, y0, x1, y1)))
        or (axis && any (array(
                select st_makeenvelope(x0, y0, x1, y1, 4548)
                  from unnest(cast(:far_x0 as float8[]), cast(:far_y0 as float8[]),
                              cast(:far_x1 as float8[]), cast(:far_y1 as float8[])) as box (x0, y0, x1, y1)))
            and (sigma_plan_m > 0.5 or outer_width_mm > 3000 or outer_spread_mm > 500)))
