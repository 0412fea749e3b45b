-- Surveyed ground levels of current nodes inside the boxes of a work: east, north, level, sigma.
-- x0, y0, x1, y1: corners of the boxes.
-- Levels of test data of another place, laid over the city, say nothing of the ground here.
select st_x(place), st_y(place), ground_m, sigma_level_m
  from networks_node
 where known_to is null
   and ground_m is not null
   and place && any (array(
           select st_makeenvelope(x0, y0, x1, y1, 4548)
             from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                         cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
   and not exists (select from networks_batch as batch
                    where batch.id = batch_id and jsonb_exists(batch.crs, 'displaced'))
 order by version_id
