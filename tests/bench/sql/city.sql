-- An invented city for the latency bench: 100 + 100 streets every 200 m, eight lines in each, cut into runs
-- of 32 m. :streets per direction, 8 * 2 * streets * (streets * 200 / 32) runs: 100 streets give one million.
with line (place, kind, off_m, cover_m, width_mm, height_mm, pressure, kv, burial) as (values
    (0, 'power',          -9.0, 0.80, 600, 400, null,       10, 'conduit'),
    (1, 'telecom',        -7.0, 0.90, 400, 300, null,       null, 'duct_block'),
    (2, 'water',          -5.0, 1.20, 315, 315, null,       null, 'direct_buried'),
    (3, 'gas',            -2.8, 1.10, 219, 219, 'medium_A', null, 'direct_buried'),
    (4, 'drainage_foul',   0.0, 3.00, 720, 720, null,       null, 'direct_buried'),
    (5, 'drainage_storm',  3.0, 2.20, 960, 960, null,       null, 'direct_buried'),
    (6, 'heat',            6.0, 1.30, 500, 500, null,       null, 'direct_buried'),
    (7, 'reclaimed',       8.5, 1.00, 219, 219, null,       null, 'direct_buried')
), street as (
    select way, number from generate_series(0, 1) as way, generate_series(0, cast(:streets as int) - 1) as number
), piece as (
    select way, number, step, line.*,
           500000.0 + case way when 0 then step * 32.0 else number * 200.0 + 100.0 + off_m end as x0,
           3780000.0 + case way when 0 then number * 200.0 + 100.0 + off_m else step * 32.0 end as y0,
           case way when 0 then 32.0 else 0.0 end as dx,
           case way when 0 then 0.0 else 32.0 end as dy,
           30.0 - cover_m - case way when 0 then 0.0 else 0.35 end as crown
      from street, line, generate_series(0, cast(:streets as int) * 200 / 32 - 1) as step
)
insert into networks_run (object_id, label, axis, crown_m, bottom_m, ground_m, from_node_id, to_node_id, shape,
                          nominal_width_mm, outer_width_mm, outer_height_mm, outer_is_assumed, pressure_class,
                          voltage_kv, burial, accuracy_class, sigma_plan_m, sigma_level_m, kind, owner, life_state,
                          known_from)
select row_number() over (order by st_geohash(st_transform(st_setsrid(st_point(x0, y0), 4548), 4490), 8), place),
       way || '-' || number || '-' || step || '-' || place,
       st_setsrid(st_makeline(st_point(x0, y0), st_point(x0 + dx, y0 + dy)), 4548),
       array[crown, crown], array[crown - height_mm / 1000.0, crown - height_mm / 1000.0], array[30.0, 30.0],
       ((way * 1000 + number) * 10 + place) * 1000 + step + 1, ((way * 1000 + number) * 10 + place) * 1000 + step + 2,
       case when width_mm = height_mm then 'circle' else 'rectangle' end, width_mm, width_mm, height_mm, true,
       pressure, kv, burial, 'visible', 0.05, 0.05, kind, 'invented', 'built', timestamptz '2026-01-01'
  from piece
 order by 1
