using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Security;

namespace UpgradeWatch.Tests.Security;

public sealed class RateLimitTests
{
    [Fact]
    public async Task A_token_that_asks_too_often_is_told_when_to_come_back_and_others_are_not_touched()
    {
        await using var guarded = await GuardedServer.StartAsync(auth => auth with { RequestsPerMinute = 3 });
        for (var i = 0; i < 3; i++) Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/upgrades", guarded.Read));

        using var refused = await guarded.SendAsync("GET", "/api/v1/upgrades", guarded.Read);

        Assert.Equal((429, TimeSpan.FromSeconds(20)), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/upgrades", guarded.Operate));
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/upgrades", guarded.Read));
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_a_good_token_is_let_in_all_the_same()
    {
        await using var guarded = await GuardedServer.StartAsync(auth => auth with { RefusalsPerMinute = 2 });
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/upgrades", null));
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/upgrades", BearerToken.New()));

        using var refused = await guarded.SendAsync("GET", "/api/v1/upgrades", BearerToken.New());

        Assert.Equal((429, TimeSpan.FromSeconds(30)), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/upgrades", guarded.Read));
    }

    [Fact]
    public void Many_different_ones_share_one_allowance_beyond_ten_thousand_until_the_others_have_rested()
    {
        var time = new FakeTimeProvider();
        var limit = new RateLimit(1, time);
        for (var i = 0; i < 10_000; i++) Assert.Null(limit.Take($"{i}"));

        Assert.Null(limit.Take("one more"));
        Assert.NotNull(limit.Take("another"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(limit.Take("one more"));
        Assert.Null(limit.Take("another"));
    }
}
