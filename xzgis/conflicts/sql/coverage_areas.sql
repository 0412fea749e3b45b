-- Areas of coverage versions, and with numbers below nought of what batches left out. versions: bigint[].
select version_id, area
  from networks_coverage
 where version_id = any (cast(:versions as bigint[]))
 union all
select -version_id, area
  from networks_unknown_ground
 where version_id = any (array(select -asked from unnest(cast(:versions as bigint[])) as asked where asked < 0))
