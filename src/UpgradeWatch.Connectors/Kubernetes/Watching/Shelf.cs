namespace UpgradeWatch.Connectors.Kubernetes.Watching;

/// <summary>Objects of one kind as they are now, by name and by owner. Safe for concurrent use.</summary>
internal sealed class Shelf<T>
    where T : KubeObject
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, T> _byKey = [];
    private readonly Dictionary<string, Dictionary<string, T>> _byOwner = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate) return [.. _byKey.Values];
        }
    }

    /// <summary>Those of an owner.</summary>
    public IReadOnlyList<T> Of(string owner)
    {
        lock (_gate) return _byOwner.TryGetValue(owner, out var owned) ? [.. owned.Values] : [];
    }

    /// <summary>Puts one in place of what was there by its name.</summary>
    public void Put(T one)
    {
        lock (_gate)
        {
            Take(one.Key);
            _byKey[one.Key] = one;
            if (!_byOwner.TryGetValue(one.Owner, out var owned)) _byOwner[one.Owner] = owned = [];
            owned[one.Key] = one;
        }
    }

    /// <summary>Removes the one of a name.</summary>
    public void Remove(string key)
    {
        lock (_gate) Take(key);
    }

    /// <summary>Keeps those alone that a list has shown.</summary>
    public void KeepOnly(HashSet<string> keys)
    {
        lock (_gate)
        {
            foreach (var gone in _byKey.Keys.Where(key => !keys.Contains(key)).ToArray()) Take(gone);
        }
    }

    private void Take(string key)
    {
        if (!_byKey.Remove(key, out var old)) return;
        var owned = _byOwner[old.Owner];
        owned.Remove(key);
        if (owned.Count == 0) _byOwner.Remove(old.Owner);
    }
}
