-- Areas of coverage versions. versions: bigint[].
select version_id, area
  from networks_coverage
 where version_id = any (cast(:versions as bigint[]))
