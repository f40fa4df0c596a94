"""Links that browsers keep (`jslink`, `jsdlink`): found among the widgets, shared, and kept by the kernel too."""
