using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>Refuses what a judge could only misunderstand.</summary>
internal static class SpecCheck
{
    /// <exception cref="ArgumentException">The spec or the steps contradict each other; the message names how.</exception>
    public static void Verify(SliSpec spec, IReadOnlyList<StepSample> baseline)
    {
        Require(spec.StepSeconds > 0 && double.IsFinite(spec.StepSeconds), spec, $"StepSeconds is {spec.StepSeconds}; it must be above 0");
        Require(spec.Alpha is > 0 and <= 0.5, spec, $"Alpha is {spec.Alpha}; it must be above 0 and at most 0.5");
        Require(spec.WarnAlpha is > 0 and <= 0.5, spec, $"WarnAlpha is {spec.WarnAlpha}; it must be above 0 and at most 0.5");
        Require(spec.SeriesAlpha is > 0 and <= 0.5, spec, $"SeriesAlpha is {spec.SeriesAlpha}; it must be above 0 and at most 0.5");
        Require(spec.SeriesWarnAlpha is > 0 and <= 0.5, spec, $"SeriesWarnAlpha is {spec.SeriesWarnAlpha}; it must be above 0 and at most 0.5");
        Require(!(spec.Tolerance.Relative < 0 || spec.Tolerance.Absolute < 0), spec, "a tolerance is negative; it must be 0 or above");
        if (spec.Measure == Measure.Buckets)
            VerifyBounds(spec);

        for (var i = 1; i < baseline.Count; i++)
        {
            Require(
                baseline[i].Step > baseline[i - 1].Step,
                spec,
                $"baseline step {baseline[i].Step} follows {baseline[i - 1].Step}; give each step once, in ascending order");
        }
    }

    private static void VerifyBounds(SliSpec spec)
    {
        var bounds = spec.Bounds;
        Require(bounds.Count > 0 && double.IsPositiveInfinity(bounds[^1]), spec, "the last bound must be infinite");
        for (var i = 1; i < bounds.Count; i++)
            Require(bounds[i] > bounds[i - 1], spec, $"bound {bounds[i]} follows {bounds[i - 1]}; bounds must ascend");
    }

    private static void Require(bool holds, SliSpec spec, string otherwise)
    {
        if (!holds)
            throw new ArgumentException($"{spec.Name}: {otherwise}.", nameof(spec));
    }
}
