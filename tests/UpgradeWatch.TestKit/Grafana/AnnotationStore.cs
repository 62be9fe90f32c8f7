namespace UpgradeWatch.TestKit.Grafana;

/// <summary>Annotations with the manners of Grafana: repeated ones are stored twice, times are swapped, filters that say nothing filter nothing.</summary>
internal sealed class AnnotationStore
{
    private const int DefaultLimit = 100;

    private readonly Lock _gate = new();
    private readonly List<StoredAnnotation> _all = [];
    private long _lastId;

    public IReadOnlyList<StoredAnnotation> All
    {
        get
        {
            lock (_gate) return [.. _all];
        }
    }

    public StoredAnnotation Add(long time, long timeEnd, string text, IReadOnlyList<string> tags, string login, long now)
    {
        var start = time == 0 ? now : time;
        var end = timeEnd == 0 ? start : timeEnd;
        var index = TagPair.Parse(tags);
        lock (_gate)
        {
            var added = new StoredAnnotation(++_lastId, Math.Min(start, end), Math.Max(start, end), text, [.. index.Select(pair => pair.ToString())], index, login);
            _all.Add(added);
            return added;
        }
    }

    /// <summary>Changes one; false when there is none with this id.</summary>
    public bool Change(long id, Func<StoredAnnotation, StoredAnnotation> change)
    {
        lock (_gate)
        {
            var at = _all.FindIndex(one => one.Id == id);
            if (at < 0) return false;
            var changed = change(_all[at]);
            _all[at] = changed with { Time = Math.Min(changed.Time, changed.TimeEnd), TimeEnd = Math.Max(changed.Time, changed.TimeEnd) };
            return true;
        }
    }

    public bool Exists(long id)
    {
        lock (_gate) return _all.Exists(one => one.Id == id);
    }

    public bool Delete(long id)
    {
        lock (_gate) return _all.RemoveAll(one => one.Id == id) > 0;
    }

    public IReadOnlyList<StoredAnnotation> List(IEnumerable<string> tags, bool matchAny, long from, long to, long limit)
    {
        var wanted = TagPair.Parse(tags);
        var found = All
            .Where(one => wanted.Count == 0 || Matches(one, wanted, matchAny))
            .Where(one => from <= 0 || to <= 0 || (one.Time <= to && one.TimeEnd >= from))
            .OrderByDescending(one => one.TimeEnd).ThenByDescending(one => one.Time);
        return [.. limit < 0 ? found : found.Take((int)(limit == 0 ? DefaultLimit : limit))];
    }

    /// <summary>Grafana counts the rows that match, so that a name held twice is not found by the name alone.</summary>
    private static bool Matches(StoredAnnotation one, IReadOnlyList<TagPair> wanted, bool matchAny)
    {
        var rows = one.Index.Count(held => wanted.Any(want => want.Key == held.Key && (want.Value.Length == 0 || want.Value == held.Value)));
        return matchAny ? rows > 0 : rows == wanted.Count;
    }
}
