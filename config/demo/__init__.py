"""The demonstration: invented people and an invented story on a real plan."""

BANNER = "演示数据，情节虚构，不反映利通区实际工作"
