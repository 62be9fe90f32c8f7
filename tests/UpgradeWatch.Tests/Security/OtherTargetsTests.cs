using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Security;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

/// <summary>What a token that is limited to targets could learn of others, or do to them, beside the routes that name them.</summary>
public sealed class OtherTargetsTests
{
    [Fact]
    public async Task An_idempotency_key_is_of_its_token_so_nobody_can_use_up_another_ones()
    {
        await using var guarded = await GuardedServer.StartAsync();
        async Task<int> BeginAsync(string token, string target, string version)
        {
            using var answer = await guarded.SendAsync("POST", "/api/v1/upgrades", token, $$"""{"target":"{{target}}","toVersion":"{{version}}"}""", ("Idempotency-Key", "checkout-2.0"));
            return (int)answer.StatusCode;
        }

        Assert.Equal(201, await BeginAsync(guarded.Other, "cart", "1"));

        Assert.Equal(201, await BeginAsync(guarded.Own, "checkout", "2.0"));
        Assert.Equal(201, await BeginAsync(guarded.Own, "checkout", "2.0"));
        Assert.Equal(422, await BeginAsync(guarded.Own, "checkout", "2.1"));
    }

    [Fact]
    public async Task Errors_of_the_sources_are_not_told_because_they_may_be_about_another_target()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var counters = guarded.Server.Services.GetRequiredService<SourceCounters>();
        counters.CountRequest("scrape", RunningServer.Start, new SourceFailure(SourceFailureKind.Unreachable, "Target cart at http://cart.internal:9000/metrics cannot be reached."));
        async Task<string> StatusAsync(string token)
        {
            using var answer = await guarded.SendAsync("GET", "/api/v1/status", token);
            return await answer.Content.ReadAsStringAsync();
        }

        Assert.Contains("cart.internal", await StatusAsync(guarded.Read), StringComparison.Ordinal);

        var told = await StatusAsync(guarded.Own);
        Assert.DoesNotContain("cart", told, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"failing\"", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_limited_to_a_target_that_is_none_is_not_told_which_there_are()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var ghost = guarded.Grant("ghost", Role.Operate, "ghost");
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/api/v1/upgrades", """{"target":"ghost","toVersion":"1"}"""),
            ("GET", "/api/v1/targets/ghost/verdict", null),
            ("GET", "/api/v1/targets/ghost/gate", null),
        })
        {
            using var answer = await guarded.SendAsync(method, path, ghost, body);
            var told = await answer.Content.ReadAsStringAsync();
            Assert.Contains("ghost", told, StringComparison.Ordinal);
            Assert.DoesNotContain("checkout", told, StringComparison.Ordinal);
        }
    }
}
