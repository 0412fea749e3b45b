-- One tile of the city grid: corridors of the lines that are not seen exactly, by kind. A band 1.5 cells wide
-- along each holds the true line; to lay the bands here would cost seconds for a city.
-- z, x, y, east_m, north_m, extent_m, west_m, south_m, right_m, top_m: as in tile_overview.
-- cell_m: width of the grid on which equal pieces fall together, never finer than the step of the corridors.
-- networks_corridor: what the lens shows (networks/queries/seen.py). Returns one bytea, layer corridors.
with grid as (
    select st_makeenvelope(:east_m, :north_m - :extent_m, :east_m + :extent_m, :north_m, 4548) as whole
), tile as (
    select st_tileenvelope(:z, :x, :y, whole) as env from grid
), laid as (
    -- A corridor reaches less than two steps beyond its axis: the tile is asked for that much farther.
    select c.kind, c.laid, st_normalize(st_snaptogrid(c.laid, :cell_m)) as course
      from networks_corridor as c
     where c.known_to is null
       and c.axis && st_expand(st_makeenvelope(:west_m, :south_m, :right_m, :top_m, 4548), 2 * :cell_m)
), courses as (
    -- A line shorter than a cell has no course there: its place stands for it.
    select distinct kind,
           case when st_isempty(course) then st_snaptogrid(st_pointn(laid, 1), :cell_m) else course end as course
      from laid
), areas as (
    select l.kind, st_asmvtgeom(st_collect(l.course), t.env, 4096, 64, true) as g
      from courses as l, tile as t
     group by l.kind, t.env
)
select coalesce((select st_asmvt(q, 'corridors', 4096, 'g') from areas as q), ''::bytea) as tile
