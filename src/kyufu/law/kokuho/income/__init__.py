"""The income of one person for the premium (国民健康保険の所得): tables, losses, deductions, the unemployed."""
