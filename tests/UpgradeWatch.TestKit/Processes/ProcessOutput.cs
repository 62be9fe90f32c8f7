namespace UpgradeWatch.TestKit.Processes;

/// <summary>What a process has written so far, and who waits for a line of it.</summary>
internal sealed class ProcessOutput
{
    // Enough for any test's log, and a bound for a process that writes without end.
    private const int MaxLines = 20_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> IsWanted, TaskCompletionSource<string> Found)> _waiting = [];
    private bool _ended;

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count < MaxLines)
            {
                _lines.Add(line);
            }

            _waiting.RemoveAll(waiter => waiter.IsWanted(line) && waiter.Found.TrySetResult(line));
        }
    }

    /// <summary>Nothing more will come: those who still wait are told so.</summary>
    public void End(Func<Exception> reason)
    {
        lock (_lock)
        {
            _ended = true;
            _waiting.ForEach(waiter => waiter.Found.TrySetException(reason()));
            _waiting.Clear();
        }
    }

    /// <summary>The first line that is wanted, also when it was written before; null when none can come any more.</summary>
    public Task<string>? WaitForLine(Func<string, bool> isWanted)
    {
        lock (_lock)
        {
            if (_lines.Find(line => isWanted(line)) is { } line)
            {
                return Task.FromResult(line);
            }

            if (_ended)
            {
                return null;
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isWanted, found));
            return found.Task;
        }
    }
}
