-- One tile of the city grid: the saved works.
-- z, x, y: the tile. east_m, north_m, extent_m: upper left corner and width of tile 0/0/0, storage CRS.
-- Returns one bytea, Mapbox vector tile layer works.
with grid as (
    select st_makeenvelope(:east_m, :north_m - :extent_m, :east_m + :extent_m, :north_m, 4548) as whole
), tile as (
    select st_tileenvelope(:z, :x, :y, whole) as env,
           st_tileenvelope(:z, :x, :y, whole, margin => 0.0625) as pad
      from grid
), works as (
    select w.id, w.name, w.kind, st_asmvtgeom(w.axis, t.env, 4096, 256, true) as g
      from works_work as w, tile as t
     where w.axis && t.pad
)
select coalesce((select st_asmvt(q, 'works', 4096, 'g', 'id') from works as q), ''::bytea) as tile
