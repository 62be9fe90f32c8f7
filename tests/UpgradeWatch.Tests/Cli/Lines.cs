namespace UpgradeWatch.Tests.Cli;

/// <summary>What was written, for somebody who waits for it.</summary>
internal sealed class Lines : StringWriter
{
    private readonly SemaphoreSlim _written = new(0);

    public override void WriteLine(string? value)
    {
        lock (this) base.WriteLine(value);
        _written.Release();
    }

    public async Task UntilAsync(string text, int times)
    {
        while (Count(text) < times) await _written.WaitAsync();
    }

    private int Count(string text)
    {
        lock (this) return ToString().Split(text).Length - 1;
    }

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
