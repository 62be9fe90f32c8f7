namespace UpgradeWatch.Security;

/// <summary>
/// So many a minute for each of many, with a minute's worth at once after a pause. Bounded: of more than ten thousand
/// different ones the rest shares one allowance. (System.Threading.RateLimiting has a clock of its own, which tests and
/// simulations cannot move.)
/// </summary>
internal sealed class RateLimit(int perMinute, TimeProvider time)
{
    private const int MostBuckets = 10_000;
    private const string Rest = "";

    private readonly Dictionary<string, Bucket> _buckets = [];

    /// <summary>Takes one; null when it was there, else how long to wait for it.</summary>
    public TimeSpan? Take(string who)
    {
        lock (_buckets)
        {
            var bucket = Find(who);
            Fill(bucket);
            if (bucket.Left < 1) return TimeSpan.FromMinutes((1 - bucket.Left) / perMinute);
            bucket.Left--;
            return null;
        }
    }

    private Bucket Find(string who)
    {
        if (_buckets.TryGetValue(who, out var known)) return known;
        if (_buckets.Count >= MostBuckets) DropFull();
        if (_buckets.Count >= MostBuckets) who = Rest;
        if (!_buckets.TryGetValue(who, out var bucket)) _buckets[who] = bucket = new Bucket { Left = perMinute, At = time.GetTimestamp() };
        return bucket;
    }

    private void Fill(Bucket bucket)
    {
        var now = time.GetTimestamp();
        bucket.Left = Math.Min(perMinute, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute));
        bucket.At = now;
    }

    // Who has everything again is as good as new.
    private void DropFull()
    {
        foreach (var (who, bucket) in _buckets)
        {
            Fill(bucket);
            if (bucket.Left >= perMinute) _buckets.Remove(who);
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }

        public long At { get; set; }
    }
}
