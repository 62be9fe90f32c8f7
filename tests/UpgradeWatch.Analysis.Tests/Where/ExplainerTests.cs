using UpgradeWatch.Analysis.Tests.Simulation;
using UpgradeWatch.Analysis.Where;

namespace UpgradeWatch.Analysis.Tests.Where;

public sealed class ExplainerTests
{
    [Fact]
    public void One_route_with_a_new_status_on_both_pods_is_named()
    {
        var shop = new Shop("route", "status", "pod");
        foreach (var pod in new[] { "a", "b" })
        {
            shop.Requests(30_000, 5_000, "/checkout", "", pod).Requests(60_000, 10_000, "/cart", "", pod);
            shop.Events(30, 5, "/checkout", "500", pod).Events(60, 10, "/cart", "500", pod).Events(0, 400, "/checkout", "503", pod);
        }

        var found = shop.Explain()!;

        Assert.Equal("All of it is in route /checkout, status 503 (new), on both pods.", found.Sentence);
        Assert.InRange(found.Share!.Value, 0.98, 1);
        Assert.Equal(["route", "status", "pod"], found.Labels.Select(part => part.Label));
        Assert.Equal(["/checkout"], found.Labels[0].Values);
        Assert.Equal((true, 2), (found.Labels[2].IsSpread, found.Labels[2].Of));
        Assert.Equal([new LabelValue("status", "503")], found.New);
    }

    [Fact]
    public void Routes_that_all_got_worse_alike_explain_nothing_and_that_is_said()
    {
        var shop = new Shop("route");
        foreach (var (route, size) in new[] { ("/big", 50), ("/middle", 10), ("/small", 1) })
            shop.Requests(size * 6000, size * 1000, route).Events(size * 6, size * 50, route);

        Assert.Equal("It is spread evenly over all 3 routes.", shop.Sentence());
    }

    [Fact]
    public void A_route_with_nearly_all_of_the_traffic_holds_nearly_all_errors_and_that_is_no_explanation()
    {
        var shop = new Shop("route").Requests(95_000, 19_000, "/big").Requests(5_000, 1_000, "/small").Events(95, 190, "/big").Events(5, 9, "/small");

        Assert.DoesNotContain(shop.Explain()?.Labels ?? [], part => !part.IsSpread);
    }

    [Fact]
    public void One_pod_of_three_is_named_and_the_routes_are_not()
    {
        var shop = new Shop("route", "pod");
        foreach (var pod in new[] { "a", "b", "c" })
        {
            foreach (var route in new[] { "/x", "/y" })
                shop.Requests(10_000, 2_000, route, pod).Events(10, pod == "b" ? 200 : 2, route, pod);
        }

        Assert.Equal("All of it is in pod b.", shop.Sentence());
    }

    [Fact]
    public void Two_routes_of_five_are_named_together_with_their_share()
    {
        var shop = new Shop("http_route");
        foreach (var (route, since) in new[] { ("/a", 300), ("/b", 200), ("/c", 40), ("/d", 30), ("/e", 30) })
            shop.Requests(10_000, 2_000, route).Events(10, since, route);

        Assert.Equal("84 % of it is in routes /a and /b.", shop.Sentence());
    }

    [Fact]
    public void The_new_pods_of_a_rollout_that_is_half_way_are_named_as_such()
    {
        var shop = new Shop("pod");
        foreach (var i in Enumerable.Range(0, 5))
            shop.Requests(10_000, 1_000, $"old-{i}").Events(10, 1, $"old-{i}").Requests(0, 1_000, $"new-{i}").Events(0, 60, $"new-{i}");

        var found = shop.Explain()!;

        Assert.Equal("All of it is in the pods that are new.", found.Sentence);
        Assert.True(found.Labels[0].IsNew);

        // That pods are new is what a rollout does.
        Assert.Empty(found.New);
    }

    [Fact]
    public void After_a_rollout_that_replaced_all_pods_the_present_ones_are_compared()
    {
        var shop = new Shop("pod");
        foreach (var i in Enumerable.Range(0, 3))
            shop.Requests(10_000, 0, $"old-{i}").Events(10, 0, $"old-{i}").Requests(0, 2_000, $"new-{i}").Events(0, 100, $"new-{i}");

        Assert.Equal("It is spread evenly over all 3 pods.", shop.Sentence());
    }

    [Fact]
    public void Traffic_that_is_missing_is_told_by_its_route()
    {
        var shop = new Shop("route").Events(36_000, 6_000, "/a").Events(36_000, 600, "/b").Events(18_000, 2_950, "/c");

        Assert.Equal("All of it is in route /b.", shop.Sentence(isDown: true));
    }

    [Fact]
    public void Traffic_that_fell_alike_everywhere_is_spread()
    {
        var shop = new Shop("route").Events(36_000, 3_000, "/a").Events(18_000, 1_480, "/b");

        Assert.Equal("It is spread evenly over both routes.", shop.Sentence(isDown: true));
    }

    [Fact]
    public void What_is_new_is_named_even_where_it_is_not_what_explains_most()
    {
        var shop = new Shop("route", "error_type");
        foreach (var route in new[] { "/a", "/b" })
            shop.Requests(10_000, 2_000, route, "").Events(20, 150, route, "timeout");
        shop.Requests(0, 500, "/v2", "").Events(0, 4, "/v2", "refused");

        Assert.EndsWith("New since the upgrade: route /v2, error refused.", shop.Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_repeats_another_is_left_out()
    {
        var shop = new Shop("pod", "instance");
        foreach (var pod in new[] { "a", "b", "c" })
            shop.Requests(10_000, 2_000, pod, $"10.0.0.{pod}").Events(10, pod == "b" ? 200 : 2, pod, $"10.0.0.{pod}");

        Assert.Equal("All of it is in pod b.", shop.Sentence());
    }

    [Fact]
    public void Nothing_is_said_where_nothing_is_off_or_no_series_has_a_label()
    {
        Assert.Null(new Shop("route").Requests(6_000, 1_000, "/a").Requests(6_000, 1_000, "/b").Events(6, 1, "/a").Events(6, 1, "/b").Explain());
        Assert.Null(new Shop("route").Requests(6_000, 1_000, "").Events(6, 100, "").Explain());
        Assert.Null(new Shop().Explain());
    }

    [Fact]
    public void Without_a_time_before_what_is_there_now_is_told_and_nothing_is_called_new()
    {
        var shop = new Shop("route", "code").Requests(0, 1_000, "/a", "").Requests(0, 9_000, "/b", "").Events(0, 90, "/a", "500").Events(0, 2, "/b", "500");

        Assert.Equal("All of it is in route /a, status 500.", shop.Sentence());
    }

    [Fact]
    public void Values_that_anybody_may_have_put_there_are_shown_short_and_harmless()
    {
        var shop = new Shop("route")
            .Requests(1_000, 1_000, "/ok").Events(1, 1, "/ok")
            .Requests(1_000, 1_000, "<b>\n" + new string('x', 500)).Events(1, 500, "<b>\n" + new string('x', 500));

        var found = shop.Explain()!;

        Assert.DoesNotContain('<', found.Sentence);
        Assert.DoesNotContain('\n', found.Sentence);
        Assert.InRange(found.Sentence.Length, 60, 120);
        Assert.Equal(200, found.Labels[0].Values[0].Length);
    }

    [Fact]
    public void Rows_that_do_not_fit_their_labels_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Shop("a", "b").Events(1, 2, "x").Explain());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_of_rows_and_a_larger_service_change_nothing(int seed)
    {
        var random = new Random(seed);
        var routes = Enumerable.Range(0, 6).Select(i => $"/r{i}").ToArray();
        var rows = routes.Select(route => (route, Before: random.Next(1_000, 50_000), Bad: random.Next(1, 50), Off: random.Next(4) == 0 ? random.Next(500) : 0)).ToArray();
        Shop Make(IEnumerable<(string Route, int Before, int Bad, int Off)> of, int times) => of.Aggregate(new Shop("route"), (shop, row) =>
            shop.Requests(times * row.Before, times * row.Before / 6.0, row.Route).Events(times * row.Bad, times * ((row.Bad / 6.0) + row.Off), row.Route));

        var one = Make(rows, 1).Sentence();

        Assert.Equal(one, Make(rows.Reverse(), 1).Sentence());
        if (one?.StartsWith("It is", StringComparison.Ordinal) == false) Assert.Equal(one, Make(rows, 10).Sentence());
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000, 0.2)]
    [InlineData(10_000, 0.2)]
    public void Hardly_ever_a_part_is_named_where_all_parts_are_alike(double events, double noise)
    {
        const int Runs = 300;
        var named = 0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var draw = new Draw(seed);
            var shop = new Shop("route", "pod");
            var pods = Enumerable.Range(0, 4).Select(_ => Math.Exp(noise * draw.Normal())).ToArray();
            for (var route = 0; route < 8; route++)
            {
                var size = Math.Pow(2, -route) / 2;
                for (var pod = 0; pod < pods.Length; pod++)
                {
                    shop.Requests(6e6 * size, 1e6 * size, $"/{route}", $"{pod}");
                    shop.Events(draw.Poisson(events * size / 10), draw.Poisson(events * size / 4 * pods[pod] * Math.Exp(noise * draw.Normal())), $"/{route}", $"{pod}");
                }
            }

            named += shop.Explain()?.Labels.Any(part => !part.IsSpread) == true ? 1 : 0;
        }

        Assert.True(named <= 0.02 * Runs, $"{named} of {Runs}");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void Nearly_always_the_part_is_named_that_holds_it(double events)
    {
        const int Runs = 200;
        var named = 0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var draw = new Draw(seed);
            var shop = new Shop("route", "status", "pod");
            for (var route = 0; route < 8; route++)
            {
                for (var pod = 0; pod < 3; pod++)
                {
                    shop.Requests(60_000, 10_000, $"/{route}", "", $"{pod}").Events(draw.Poisson(6), draw.Poisson(1), $"/{route}", "500", $"{pod}");
                    if (route == 3) shop.Events(0, draw.Poisson(events / 3), "/3", "503", $"{pod}");
                }
            }

            named += shop.Sentence()?.Contains("route /3, status 503 (new)", StringComparison.Ordinal) == true ? 1 : 0;
        }

        Assert.True(named >= 0.95 * Runs, $"{named} of {Runs}");
    }

    [Fact]
    public void The_bound_that_tells_slower_requests_best_is_found()
    {
        double[] bounds = [0.1, 0.5, 1, double.PositiveInfinity];

        Assert.Equal(0.5, ExceededBound.Find(bounds, [900, 990, 999, 1000], [880, 900, 990, 1000]));
        Assert.Null(ExceededBound.Find(bounds, [900, 990, 999, 1000], [950, 1000, 1000, 1000]));
        Assert.Null(ExceededBound.Find(bounds, [0, 0, 0, 0], [1, 2, 3, 4]));
    }
}
