using System.Text.Json;
using System.Text.Json.Serialization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>What a verdict must not depend on.</summary>
public class InvarianceTests
{
    private static readonly Func<int, double> Calm = Noise(1);
    private static readonly Func<int, double> Worse = k => Calm(k) + (k >= 7 ? 3 : 0);

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-6)]
    [InlineData(1e3)]
    [InlineData(1e12)]
    public void Units_do_not_matter(double unit)
    {
        foreach (var value in new[] { Calm, Worse })
        {
            var (plain, scaled) = (new Course { Value = value }.Follow(), new Course { Value = k => unit * value(k) }.Follow());
            Assert.Equal(Math.Log(plain.Chance), Math.Log(scaled.Chance), 1e-2);
            Assert.Equal(plain.IsInside, scaled.IsInside);
            Assert.Equal(plain.Furthest?.FirstMinute, scaled.Furthest?.FirstMinute);
            Assert.Equal(unit * plain.Furthest!.Value.Expected, scaled.Furthest!.Value.Expected, unit * 1e-3);
        }
    }

    [Fact]
    public void The_level_does_not_matter_where_the_noise_is_far_larger_than_a_hundredth_of_it()
    {
        var wild = Noise(4, 0, 40);
        Func<int, double> worse = k => wild(k) + (k >= 7 ? 150 : 0);
        var (low, high) = (new Course { Value = k => worse(k) + 100 }.Follow(), new Course { Value = k => worse(k) + 300 }.Follow());
        Assert.Equal(Math.Log(low.Chance), Math.Log(high.Chance), 1e-2);
    }

    [Theory]
    [InlineData(Direction.Up, Direction.Down)]
    [InlineData(Direction.Down, Direction.Up)]
    [InlineData(Direction.Both, Direction.Both)]
    public void Up_is_the_mirror_of_down(Direction direction, Direction mirrored)
    {
        foreach (var value in new[] { Calm, Worse, k => Calm(k) - (k >= 7 ? 3 : 0) })
        {
            var plain = new Course { Value = value, Options = new() { Direction = direction } }.Follow();
            var mirror = new Course { Value = k => -value(k), Options = new() { Direction = mirrored } }.Follow();
            Assert.Equal((plain.Chance, plain.IsInside, plain.Furthest?.FirstMinute), (mirror.Chance, mirror.IsInside, mirror.Furthest?.FirstMinute));
        }
    }

    [Fact]
    public void What_gets_better_is_no_harm_where_one_way_is_bad()
    {
        var course = new Course { Value = k => Calm(k) + (k >= 7 ? 10 : 0), Options = new() { Direction = Direction.Down } };
        Assert.True(course.Follow().Chance > 0.05);
        Assert.True((course with { Options = new() { Direction = Direction.Up } }).Follow().Chance < 0.001);
    }

    [Fact]
    public void The_same_history_gives_the_same_reference()
    {
        var course = new Course { Value = Worse };
        Assert.Equal(Text(course.Reference!.State), Text(course.Reference!.State));
        Assert.Equal(course.Follow().Chance, course.Follow().Chance);
    }

    [Fact]
    public void What_comes_after_the_upgrade_is_not_part_of_what_is_expected()
    {
        var course = new Course { Value = Worse };
        var longer = new MinuteSeries(course.History.FirstMinute, [.. course.History.Values, .. Enumerable.Repeat(1e6f, 500)]);
        Assert.Equal(Text(course.Reference!.State), Text(SeriesReference.Create(longer, course.First, course.Options)!.State));
    }

    [Fact]
    public void A_reference_comes_back_from_its_numbers_as_it_was()
    {
        foreach (var history in new[] { 360, Day, 3 * Day })
        {
            var course = new Course { Value = Worse, HistoryMinutes = history };
            var joined = SeriesFamily.Join([course.Reference!, (course with { Value = Noise(9) }).Reference!]);
            foreach (var reference in new[] { course.Reference!, joined[0] })
            {
                var restored = SeriesReference.Restore(JsonSerializer.Deserialize<ReferenceState>(Text(reference.State), Named)!);
                Assert.Equal(Text(reference.State), Text(restored.State));
                Assert.Equal(reference.WidthAt(course.First + 20, 0.01), restored.WidthAt(course.First + 20, 0.01));
                var (before, after) = (new Watch(course, reference).Until(120), new Watch(course, restored).Until(120));
                Assert.Equal(before.Look(), after.Look());
            }
        }
    }

    [Fact]
    public void The_order_of_SLIs_does_not_matter()
    {
        SeriesReference[] references = [.. Enumerable.Range(1, 5).Select(seed => new Course { Value = Noise(seed), HistoryMinutes = seed > 3 ? Day : 3 * Day }.Reference!)];
        var joined = SeriesFamily.Join(references);
        var reversed = SeriesFamily.Join([.. references.Reverse()]);
        for (var i = 0; i < references.Length; i++)
        {
            Assert.Equal(Text(joined[i].State), Text(reversed[^(i + 1)].State));
            Assert.Equal(references[i].State.Scores, joined[i].State.Scores);
        }
    }

    [Fact]
    public void Among_many_SLIs_nothing_is_rarer_than_alone_and_a_copy_of_one_changes_little()
    {
        var course = new Course { Value = k => Calm(k) + (k >= 7 ? 1.2 : 0) };
        var alone = Chance(course, course.Reference!);
        var copied = Chance(course, SeriesFamily.Join([course.Reference!, course.Reference!])[0]);
        var among = Chance(course, SeriesFamily.Join([course.Reference!, .. Enumerable.Range(2, 4).Select(seed => (course with { Value = Noise(seed) }).Reference!)])[0]);
        Assert.True(alone <= copied && copied <= among, $"{alone} {copied} {among}");
        Assert.InRange(copied, alone, 5 * alone);
        Assert.Same(course.Reference!.GetType(), SeriesFamily.Join([course.Reference!])[0].GetType());
    }

    private static readonly JsonSerializerOptions Named = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static string Text(ReferenceState state) => JsonSerializer.Serialize(state, Named);

    private static double Chance(Course course, SeriesReference reference)
    {
        var test = new SeriesTest(reference, course.Options.Direction);
        for (var k = 0; k < 120; k++)
            test.Add(course.First + k, course.Value(k));
        return test.Chance;
    }
}
