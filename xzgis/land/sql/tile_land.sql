-- One tile of the city grid: parcels, buildings, and one label point per parcel in the tile that owns it.
-- z, x, y: the tile. east_m, north_m, extent_m: upper left corner and width of tile 0/0/0, storage CRS.
-- least_area_m2: smaller outlines are left out, they would only be specks.
-- Returns one bytea, Mapbox vector tile layers parcels, buildings, labels.
with grid as (
    select st_makeenvelope(:east_m, :north_m - :extent_m, :east_m + :extent_m, :north_m, 4548) as whole
), tile as (
    select st_tileenvelope(:z, :x, :y, whole) as env,
           st_tileenvelope(:z, :x, :y, whole, margin => 0.0625) as pad
      from grid
), parcels as (
    select p.id, p.number, p.land_use, st_asmvtgeom(p.area, t.env, 4096, 64, true) as g
      from land_parcel as p, tile as t
     where p.known_to is null and p.area && t.pad and st_area(p.area) >= :least_area_m2
), buildings as (
    select b.id, b.name, st_asmvtgeom(b.outline, t.env, 4096, 64, true) as g
      from land_building as b, tile as t
     where b.known_to is null and b.outline && t.pad and st_area(b.outline) >= :least_area_m2
), labels as (
    select 'parcel' as what, p.number as text, p.land_use,
           st_asmvtgeom(st_pointonsurface(p.area), t.env, 4096, 0, true) as g
      from land_parcel as p, tile as t
     where p.known_to is null and p.area && t.env and st_pointonsurface(p.area) && t.env and st_area(p.area) >= :least_area_m2 * 100
)
select coalesce((select st_asmvt(q, 'parcels', 4096, 'g', 'id') from parcels as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'buildings', 4096, 'g', 'id') from buildings as q), ''::bytea)
    || coalesce((select st_asmvt(q, 'labels', 4096, 'g') from labels as q), ''::bytea) as tile
