-- One tile of the city grid at a small scale: streets coloured by what lies in them.
-- z, x, y, east_m, north_m, extent_m: as in tile_detail. cell_m: runs are laid onto a grid of this
-- width and each resulting edge is kept once per kind; what falls into one cell disappears.
-- west_m, south_m, right_m, top_m: the tile with its margin, storage CRS.
-- Returns one bytea, Mapbox vector tile layers streets, roads, coverage, about.
with grid as (
    select st_makeenvelope(:east_m, :north_m - :extent_m, :east_m + :extent_m, :north_m, 4548) as whole
), tile as (
    select st_tileenvelope(:z, :x, :y, whole) as env,
           st_tileenvelope(:z, :x, :y, whole, margin => 0.0625) as pad
      from grid
), live as not materialized (
    -- Both ends as the numbers of their cells, packed: column in the upper half, row in the lower.
    select r.kind, r.axis,
           (round((st_x(st_startpoint(r.axis)) - :east_m) / :cell_m)::bigint << 32)
             + round((:north_m - st_y(st_startpoint(r.axis))) / :cell_m)::bigint as a,
           (round((st_x(st_endpoint(r.axis)) - :east_m) / :cell_m)::bigint << 32)
             + round((:north_m - st_y(st_endpoint(r.axis))) / :cell_m)::bigint as b
      from networks_run as r
     -- A box of constants, not of another table: only so does the planner see how much will be read,
     -- and let several processes read it.
     where r.known_to is null and r.axis && st_makeenvelope(:west_m, :south_m, :right_m, :top_m, 4548)
), straight as (
    -- Most runs are two points, and two numbers are grouped twice as fast as a geometry.
    select kind, least(a, b) as first, greatest(a, b) as last, count(*) as runs
      from live
     where st_npoints(axis) = 2 and a <> b
     group by 1, 2, 3
), edges as (
    select kind, runs,
           st_makeline(
               st_point(:east_m + (first >> 32) * :cell_m, :north_m - (first & 4294967295) * :cell_m, 4548),
               st_point(:east_m + (last >> 32) * :cell_m, :north_m - (last & 4294967295) * :cell_m, 4548)
           ) as edge
      from straight
     union all
    select kind, count(*) as runs,
           st_normalize(st_snaptogrid(axis, :east_m, :north_m, :cell_m, :cell_m)) as edge
      from live
     where st_npoints(axis) > 2
     group by kind, 3
), streets as (
    select e.kind, sum(e.runs)::bigint as runs,
           st_asmvtgeom(st_collect(e.edge), t.env, 4096, 256, true) as g
      from edges as e, tile as t
     group by e.kind, t.env
), roads as (
    select d.part, d.name,
           st_asmvtgeom(st_simplify(st_collect(d.shape), :cell_m / 2), t.env, 4096, 256, true) as g
      from tile as t
      join networks_road as d on d.shape && t.pad
      left join networks_batch as b on b.id = d.batch_id
     where d.part = 'centreline' and b.undone_at is null
       and (d.name is not null or st_length(d.shape) > 4 * :cell_m)
     group by d.part, d.name, t.env
), coverage as (
    select c.kind,
           st_asmvtgeom(
               st_collect(st_simplifyvw(coalesce(st_difference(c.area, lost.area), c.area), :cell_m * :cell_m)),
               t.env, 4096, 64, true
           ) as g
      from networks_coverage as c cross join tile as t
      left join lateral (
          select st_union(u.area) as area
            from networks_unknown_ground as u
           where u.known_to is null and u.area && c.area and (u.kind is null or u.kind = c.kind)
             and u.known_from >= c.known_from
      ) as lost on true
     where c.known_to is null and c.area && t.pad and st_area(c.area) > :cell_m * :cell_m
     group by c.kind, t.env
), about as (
    select 'overview' as scale, :cell_m as cell_m, (select coalesce(sum(runs), 0) from edges)::bigint as runs,
           st_asmvtgeom(st_centroid(t.env), t.env, 4096, 0, true) as g
      from tile as t
)
select coalesce((select st_asmvt(q, 'coverage', 4096, 'g') from coverage as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'roads', 4096, 'g') from roads as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'streets', 4096, 'g') from streets as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'about', 4096, 'g') from about as q), ''::bytea) as tile
