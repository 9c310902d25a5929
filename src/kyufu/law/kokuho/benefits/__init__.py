"""The benefits of national health insurance (国民健康保険の給付): high-cost medical expenses and the others."""
