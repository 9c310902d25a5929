"""The law of national health insurance (国民健康保険): enrolment, income, premium and benefits, as pure functions."""
