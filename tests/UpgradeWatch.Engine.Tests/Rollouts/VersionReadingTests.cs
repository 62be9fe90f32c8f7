using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;

namespace UpgradeWatch.Engine.Tests.Rollouts;

/// <summary>How a roll-out stands, read off how many instances of each version there were. A letter is a step.</summary>
public sealed class VersionReadingTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("3333", "....", "a since 0, done since 0")]
    [InlineData("333321....", "....123333", "b since 4, done since 6, before a")]
    [InlineData("33332", "....1", "b since 4, before a")]
    [InlineData("3333.", "....3", "b since 4, before a")]
    [InlineData("3333..", "....33", "b since 4, done since 4, before a")]
    [InlineData("3333221233", "....1121..", "a since 7, done since 8, before b")]
    [InlineData("333322123", "....1121.", "a since 7, before b")]
    [InlineData("3333....", "....3...", "b since 4, before a")]
    [InlineData("33....33", "........", "a since 0, done since 0")]
    [InlineData("......", "......", "")]
    public void ItIsReadOff(string a, string b, string expected)
    {
        var counts = new VersionCounts(From, 15, new Dictionary<string, double[]> { ["a"] = Steps(a), ["b"] = Steps(b) });
        var sighting = VersionReading.Read("checkout", "checkout_build_info", counts);
        Assert.Equal(expected, sighting is null ? "" : Words(sighting));
    }

    [Fact]
    public void NewSteps_AreAdded_AndOldOnesForgotten()
    {
        var before = new VersionCounts(From, 15, new Dictionary<string, double[]> { ["a"] = [1, 1, 1, 1], ["gone"] = [1, 0, 0, 0] });
        var joined = before.With(new VersionCounts(From.AddSeconds(75), 15, new Dictionary<string, double[]> { ["a"] = [1, 0], ["b"] = [0, 2] }), From.AddSeconds(30));
        Assert.Equal(From.AddSeconds(30), joined.From);
        Assert.Equal([1, 1, 0, 1, 0], joined.ByVersion["a"]);
        Assert.Equal([0, 0, 0, 0, 2], joined.ByVersion["b"]);
        Assert.DoesNotContain("gone", joined.ByVersion.Keys);
    }

    private static double[] Steps(string text) => [.. text.Select(one => one == '.' ? 0.0 : one - '0')];

    private static string Words(RolloutSighting sighting)
    {
        var text = $"{sighting.Template.Version} since {Step(sighting.ChangedAt)}";
        if (sighting.DoneAt is { } done) text += $", done since {Step(done)}";
        return sighting.Before is { } before ? $"{text}, before {before.Version}" : text;
    }

    private static int Step(DateTimeOffset at) => (int)((at - From).TotalSeconds / 15);
}
