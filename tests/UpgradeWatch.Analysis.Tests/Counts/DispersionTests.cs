using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Counts;

public class DispersionTests
{
    [Fact]
    public void Pearsons_dispersion_as_computed_by_hand()
    {
        // Ten steps of 5 and 15 around 10: sum (5^2/10) * 10 / 9.
        double[] events = [5, 15, 5, 15, 5, 15, 5, 15, 5, 15];
        Assert.Equal(25.0 / 9, Dispersion.Estimate(events, Ones(10)), 10);
    }

    [Fact]
    public void A_constant_load_is_not_called_less_than_independent() =>
        Assert.Equal(1, Dispersion.Estimate([.. Enumerable.Repeat(50.0, 240)], Ones(240)));

    [Fact]
    public void Too_few_events_to_see_any_dispersion_leave_it_at_one()
    {
        Assert.Equal(1, Dispersion.Estimate([0, 0, 1, 0, 0, 0, 0, 1], Ones(8)));
        Assert.Equal(1, Dispersion.Estimate([], []));
        Assert.Equal(1, Dispersion.Estimate([0, 0], [0, 0]));
    }

    [Fact]
    public void Slow_swings_show_in_long_blocks()
    {
        var draw = new Draw(7);
        double[] swinging = [.. Enumerable.Range(0, 800).Select(i => (double)draw.Poisson(i / 40 % 2 == 0 ? 80 : 120))];
        Assert.InRange(Dispersion.Estimate(swinging, Ones(800)), 50, 400);
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
