"""What the tables of the register never hold."""

from xzgis.networks.terms import HIGHEST_LEVEL_M, LARGEST_RECORDED_M, LOWEST_LEVEL_M

LIFE_STATES = "life_state in ('pending','approved','reserved','built','disused')"
SIGMAS = "sigma_plan_m >= 0 and sigma_plan_m < 100000 and sigma_level_m >= 0 and sigma_level_m < 100000"

# What must never be false (decision 0022). NaN is larger than every number to PostgreSQL, so that an upper bound
# refuses it; a NULL element of an array is unknown and lets ``all`` pass.
CHINA_BOX = (200000, 1500000, 800000, 6000000)
CHINA = f"st_makeenvelope({', '.join(map(str, CHINA_BOX))}, 4548)"
LEVELS = " and ".join(
    f"{LOWEST_LEVEL_M} < all ({name}) and {HIGHEST_LEVEL_M} > all ({name})"
    for name in ("crown_m", "bottom_m", "ground_m")
)
# The function costs a row of two vertices as much as all other constraints together; most lines have few. Levels
# beyond ten thousand metres, which it refuses too, LEVELS refuses.
LEVELS_SOUND = (
    "case when crown_m is null and bottom_m is null then true "
    "when cardinality(crown_m) between 1 and 4 and cardinality(bottom_m) = cardinality(crown_m) "
    "then cardinality(crown_m) = st_npoints(axis) and array_ndims(crown_m) = 1 and array_ndims(bottom_m) = 1 and "
    + " and ".join(f"(crown_m[{at}] < bottom_m[{at}]) is not true" for at in range(1, 5))
    + " else networks_levels_sound(crown_m, bottom_m, st_npoints(axis)) end"
)
RECORDED = " and ".join(
    f"abs({name}) < {LARGEST_RECORDED_M}"
    for name in ("start_depth_m", "end_depth_m", "start_level_m", "end_level_m")
)
NOMINALS = " and ".join(
    f"{name} > 0 and {name} < 100000" for name in ("nominal_width_mm", "nominal_height_mm")
)
# A thousandth for what is left of dividing by a thousand and back.
OUTER_HOLDS = "outer_width_mm >= nominal_width_mm * 0.999 and outer_height_mm >= nominal_height_mm * 0.999"
PRESSURES = (
    "pressure_class in ('low','medium','medium_A','medium_B','subhigh','subhigh_A','subhigh_B',"
    "'high','high_A','high_B','super_high')"
)
ASSUMPTIONS = (
    "assumptions <@ array['outer_size','end_depth_of_point','level_column_contradicts_rule','taken_as_hidden',"
    "'standard_depth','depth_from_one_point']"
)
BURIALS = (
    "burial in ('direct_buried','pipe_buried','conduit','duct_block','channel','overhead','surface','riser',"
    "'small_passage','utility_tunnel','civil_defence','chamber_link','jacked','drilled','underwater',"
    "'underground_structure')"
)
REFERENCES = (
    "depth_reference in ('invert','crown','outer_top','inner_bottom','outer_bottom','inner_top','unknown')"
)
# Times and days (decision 0061). A check constraint asks no clock: the record's own time is what a day is held to,
# with a day for the city ahead of UTC and one for a clock ahead of both.
KNOWN = (
    "known_from >= '2000-01-01 00:00:00+00' and known_from < '2200-01-01 00:00:00+00' "
    "and known_to < '2200-01-01 00:00:00+00'"
)
LATEST = "(known_from at time zone 'UTC')::date + 2"
TRUE = " and ".join(f"{day} >= '1800-01-01' and {day} < '2200-01-01'" for day in ("true_from", "true_to"))
SURVEYED = f"surveyed_on >= '1800-01-01' and surveyed_on <= {LATEST}"
BUILT = (
    f"built_on >= '1800-01-01' and built_on < '2200-01-01' and "
    f"(built_on <= {LATEST} or life_state not in ('built','disused'))"
)
