-- Carriageways and footways whose box meets one of the boxes of a work.
-- x0, y0, x1, y1: corners of the boxes.
select part, shape
  from networks_road
 where part in ('carriageway', 'footway')
   and st_dimension(shape) = 2
   and shape && any (array(
           select st_makeenvelope(x0, y0, x1, y1, 4548)
             from unnest(cast(:x0 as float8[]), cast(:y0 as float8[]),
                         cast(:x1 as float8[]), cast(:y1 as float8[])) as box (x0, y0, x1, y1)))
 order by id
