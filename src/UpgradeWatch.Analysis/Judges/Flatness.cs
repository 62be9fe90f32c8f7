using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>Whether a series has been stuck since the upgrade at one value that it never had before.</summary>
internal sealed class Flatness(IReadOnlyList<StepSample> baseline, Func<StepSample, double> valueOf)
{
    private double? _first;
    private bool _isNew;
    private bool _hasMoved;

    /// <summary>How many values in a row have been the same new one.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes the value of a counted step.</summary>
    public void Add(double value)
    {
        if (_first is null)
        {
            _first = value;
            _isNew = IsNew(value);
        }

        _hasMoved |= value != _first;
        Steps = _isNew && !_hasMoved ? Steps + 1 : 0;
    }

    /// <summary>A series that was constant before, or that nobody knows, is not called stuck.</summary>
    private bool IsNew(double value)
    {
        var values = baseline.Select(valueOf).Where(double.IsFinite).Distinct().ToList();
        return values.Count > 1 && !values.Contains(value);
    }
}
