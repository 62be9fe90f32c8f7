using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Sentences;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>The sentences of a comparison at the same time.</summary>
internal sealed class PairWording(SliSpec spec, Moment moment, Picture picture)
{
    private readonly Wording _words = new(spec, moment);

    /// <summary>The numbers.</summary>
    public Picture Picture => picture;

    public DateTimeOffset StartOf(long step) => _words.StartOf(step);

    public string Worse(long? since, double p)
    {
        var edge = picture.Current < picture.Baseline ? $"down to {Format(picture.Lower)}" : $"up to {Format(picture.Upper)}";
        return $"{Comparison()}{_words.Since(since)}; {edge} is tolerated, and {Chances.Words(p)}.";
    }

    public string Transient(long? since) =>
        $"{spec.Name} was worse on the new instances than on the old ones for a while{_words.Since(since)}, beyond chance, but it is not, or not yet, lasting: {Comparison()}.";

    public string Recovered(long since) =>
        $"{spec.Name} was worse on the new instances than on the old ones{_words.Since(since)} and has been alike for 15 min: {Comparison()}.";

    public string Alike() => $"{Comparison()}.";

    private string Comparison()
    {
        var current = $"{picture.Subject} is {Format(picture.Current)} on the new instances";
        var ratio = picture.Current / picture.Baseline;
        return ratio switch
        {
            >= 1.995 when double.IsFinite(ratio) => $"{current}, {Units.Round(ratio, 2)} times the {Format(picture.Baseline)} on the old ones at the same time",
            _ => $"{current} and {Format(picture.Baseline)} on the old ones at the same time",
        };
    }

    private string Format(double value) => Units.Format(value, spec.Unit);
}
