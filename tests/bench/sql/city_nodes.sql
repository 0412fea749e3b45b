-- The nodes between the runs of city.sql: one at each end of each of its steps of 32 m.
with line (place, kind, off_m) as (values
    (0, 'power', -9.0), (1, 'telecom', -7.0), (2, 'water', -5.0), (3, 'gas', -2.8), (4, 'drainage_foul', 0.0),
    (5, 'drainage_storm', 3.0), (6, 'heat', 6.0), (7, 'reclaimed', 8.5)
)
insert into networks_node (object_id, place, ground_m, accuracy_class, sigma_plan_m, sigma_level_m, kind, owner,
                           life_state, known_from)
select ((way * 1000 + number) * 10 + line.place) * 1000 + step + 1,
       st_setsrid(st_point(500000.0 + case way when 0 then step * 32.0 else number * 200.0 + 100.0 + off_m end,
                           3780000.0 + case way when 0 then number * 200.0 + 100.0 + off_m else step * 32.0 end), 4548),
       30.0, 'visible', 0.05, 0.05, kind, 'invented', 'built', timestamptz '2026-01-01'
  from generate_series(0, 1) as way, generate_series(0, cast(:streets as int) - 1) as number, line,
       generate_series(0, cast(:streets as int) * 200 / 32) as step
