-- One tile of the city grid at a large scale: every live run, node, road part and coverage area.
-- z, x, y: the tile. east_m, north_m, extent_m: upper left corner and width of tile 0/0/0, storage CRS.
-- with_nodes: nodes are left out while they would only be specks.
-- Returns one bytea, Mapbox vector tile layers runs, nodes, roads, coverage, about.
with grid as (
    select st_makeenvelope(:east_m, :north_m - :extent_m, :east_m + :extent_m, :north_m, 4548) as whole
), tile as (
    select st_tileenvelope(:z, :x, :y, whole) as env,
           st_tileenvelope(:z, :x, :y, whole, margin => 0.0625) as pad
      from grid
), runs as (
    select r.object_id as id, r.kind, r.life_state as life, r.label,
           case when r.shape = 'rectangle'
                then round(r.nominal_width_mm)::text || '×' || round(r.nominal_height_mm)::text
                when r.nominal_width_mm is not null then 'DN' || round(r.nominal_width_mm)::text
                when r.voltage_kv is not null then (r.voltage_kv::real)::text || 'kV'
           end as size,
           r.crown_m is null or array_position(r.crown_m, null) is not null as depth_unknown,
           r.flow,
           st_asmvtgeom(r.axis, t.env, 4096, 256, true) as g
      from networks_run as r, tile as t
     where r.known_to is null and r.axis && t.pad
), nodes as (
    select n.object_id as id, n.kind, n.point_no, n.feature, n.appurtenance,
           st_asmvtgeom(n.place, t.env, 4096, 64, true) as g
      from networks_node as n, tile as t
     where :with_nodes and n.known_to is null and n.place && t.pad
), roads as (
    select d.id, d.part, d.name, st_asmvtgeom(d.shape, t.env, 4096, 256, true) as g
      from tile as t
      join networks_road as d on d.shape && t.pad
      left join networks_batch as b on b.id = d.batch_id
     where b.undone_at is null
), coverage as (
    -- Without what batches left out since: older coverage shows nothing there.
    select c.object_id as id, c.kind,
           st_asmvtgeom(coalesce(st_difference(c.area, lost.area), c.area), t.env, 4096, 64, true) as g
      from networks_coverage as c cross join tile as t
      left join lateral (
          select st_union(u.area) as area
            from networks_unknown_ground as u
           where u.known_to is null and u.area && c.area and (u.kind is null or u.kind = c.kind)
             and u.known_from >= c.known_from
      ) as lost on true
     where c.known_to is null and c.area && t.pad
), about as (
    select 'detail' as scale, (select count(*) from runs) as runs,
           st_asmvtgeom(st_centroid(t.env), t.env, 4096, 0, true) as g
      from tile as t
)
select coalesce((select st_asmvt(q, 'coverage', 4096, 'g', 'id') from coverage as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'roads', 4096, 'g', 'id') from roads as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'runs', 4096, 'g', 'id') from runs as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'nodes', 4096, 'g', 'id') from nodes as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'about', 4096, 'g') from about as q), ''::bytea) as tile
