-- The state of the data a check is computed with, and whether invented data is in the register.
-- The digest is that of xzgis.networks.queries.tiles.data_version (a test holds them equal): over the latest
-- entries of the trail, since a slower transaction may commit a smaller number afterwards.
select left(md5(coalesce(string_agg(concat(recent.id, ' ', extract(epoch from recent.happened_at)), ','
                                    order by recent.id), '')), 16),
       exists (select from networks_batch where is_invented and state = 'accepted')
  from (select id, happened_at from audit_trail
         where not (event like 'audit.%' or event like 'identity.%')
         order by id desc limit 200) as recent
