using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <summary>
/// The objects of a cluster with their versions and what has changed lately
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
/// </summary>
public sealed class KubeStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private readonly List<KubeChange> _changes = [];
    private long _version = 1000;
    private long _oldest = 1000;
    private TaskCompletionSource _changed = New();

    /// <summary>The version of the newest change.</summary>
    public long Version
    {
        get
        {
            lock (_gate) return _version;
        }
    }

    /// <summary>Completes with the next change.</summary>
    public Task NextChange
    {
        get
        {
            lock (_gate) return _changed.Task;
        }
    }

    /// <summary>Writes an object in place of what was there.</summary>
    public void Put(string resource, JsonObject one)
    {
        var meta = one["metadata"]!.AsObject();
        lock (_gate)
        {
            meta["resourceVersion"] = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var key = Key(resource, (string)meta["namespace"]!, (string)meta["name"]!);
            var isNew = !_objects.ContainsKey(key);
            var stored = new Stored(resource, (string)meta["namespace"]!, one.ToJsonString());
            _objects[key] = stored;
            Tell(new KubeChange(_version, isNew ? "ADDED" : "MODIFIED", stored));
        }
    }

    /// <summary>Deletes an object.</summary>
    public void Delete(string resource, string ns, string name)
    {
        lock (_gate)
        {
            if (!_objects.Remove(Key(resource, ns, name), out var old)) return;
            var last = JsonNode.Parse(old.Json)!.AsObject();
            last["metadata"]!["resourceVersion"] = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Tell(new KubeChange(_version, "DELETED", old with { Json = last.ToJsonString() }));
        }
    }

    /// <summary>An object as it is; null when there is none.</summary>
    public JsonObject? Find(string resource, string ns, string name)
    {
        lock (_gate) return _objects.TryGetValue(Key(resource, ns, name), out var found) ? JsonNode.Parse(found.Json)!.AsObject() : null;
    }

    /// <summary>All of a resource in a namespace, or in all when that is null.</summary>
    public (long Version, IReadOnlyList<string> Objects) List(string resource, string? ns)
    {
        lock (_gate) return (_version, [.. _objects.Values.Where(one => one.Resource == resource && (ns is null || one.Namespace == ns)).Select(one => one.Json)]);
    }

    /// <summary>What has changed after a version; null when that is not known any more.</summary>
    public IReadOnlyList<KubeChange>? After(long version)
    {
        lock (_gate) return version < _oldest ? null : [.. _changes.Where(change => change.Version > version)];
    }

    /// <summary>Forgets what has changed up to now: who watches from an older version is told that it is gone.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _changes.Clear();
            _oldest = ++_version;
        }
    }

    private void Tell(KubeChange change)
    {
        _changes.Add(change);
        _changed.SetResult();
        _changed = New();
    }

    private static string Key(string resource, string ns, string name) => $"{resource}/{ns}/{name}";

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An object as it is kept.</summary>
public sealed record Stored(string Resource, string Namespace, string Json);

/// <summary>A change of an object.</summary>
public sealed record KubeChange(long Version, string Type, Stored Changed);
