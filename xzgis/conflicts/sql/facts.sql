-- What a finding says of the existing runs it names. ids: bigint[].
select run.object_id, run.label, run.owner, run.life_state, run.surveyed_on, batch.name, run.kind,
       run.pressure_class, run.voltage_kv, run.burial, run.material, run.nominal_width_mm
  from networks_run as run
  left join networks_batch as batch on batch.id = run.batch_id
 where run.object_id = any (cast(:ids as bigint[]))
   and run.known_to is null
