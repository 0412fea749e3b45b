"""How what is wrong with a process is told: the element, its line, why, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from xzgis.core.words import Words


@dataclass(frozen=True, slots=True)
class Slip:
    """One fault: id of the element, its line in the file, why, and the remedy."""

    element: str
    line: int
    words: Words
    remedy: Words


_SCRIPT = Words(
    "改为经办任务（userTask）：系统不运行流程文件里的程序。",
    "Make it a user task: no program of a process file is run.",
)
_POOL = Words(
    "删去泳池与泳道，由谁办理写在 xz:step 的 actor 里。",
    "Remove pools and lanes; who acts stands in the actor of xz:step.",
)
_TASK = Words("改为经办任务（userTask）或线下办理（manualTask）。", "Make it a user task or a manual task.")
_INNER = Words(
    "另画一个流程，用 callActivity 调用。", "Draw a process of its own and call it by a call activity."
)
_TIMER = Words("只用定时事件（timerEventDefinition）。", "Use timers only.")
_LOOP = Words("用网关与连线画出循环。", "Draw the loop with a gateway and a flow.")
REMEDIES: Mapping[str, Words] = {
    "scriptTask": _SCRIPT, "serviceTask": _SCRIPT, "businessRuleTask": _SCRIPT, "script": _SCRIPT,
    "collaboration": _POOL, "laneSet": _POOL, "participant": _POOL,
    "task": _TASK, "sendTask": _TASK, "receiveTask": _TASK,
    "subProcess": _INNER, "adHocSubProcess": _INNER, "transaction": _INNER,
    "messageEventDefinition": _TIMER, "signalEventDefinition": _TIMER, "errorEventDefinition": _TIMER,
    "conditionalEventDefinition": _TIMER, "eventBasedGateway": _TIMER,
    "standardLoopCharacteristics": _LOOP,
    "timeCycle": Words("定时只用 timeDate 或以小时计的 timeDuration。", "Use timeDate, or timeDuration in hours."),
}  # fmt: skip
_OTHERWISE = Words(
    "删去它；可用：经办与线下任务、子流程、网关、定时事件、连线、注释。",
    "Remove it. Allowed are user and manual tasks, call activities, gateways, timers, flows and annotations.",
)


def unknown(name: str, element: str, line: int) -> Slip:
    """The fault of an element that may not stand where it does."""
    words = Words(f"不允许的元素 {name}", f"{name} may not stand here")
    return Slip(element, line, words, REMEDIES.get(name, _OTHERWISE))


def own_words(zh: str, en: str) -> Words:
    """The name as the file tells it; Chinese where it tells no English."""
    said = " ".join(zh.split())
    return Words(said, " ".join(en.split()) or said)
