namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Goes through a body line by line, without copying; lines end with LF or CRLF.</summary>
internal ref struct LineReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>The line without its end and without blanks around it.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Number of the line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the line has an end; only the last can lack it.</summary>
    public bool HasEnd { get; private set; } = true;

    /// <summary>Moves to the next line; false after the last.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty) return false;

        var end = _rest.IndexOf((byte)'\n');
        HasEnd = end >= 0;
        Line = Trim(HasEnd ? _rest[..end] : _rest);
        _rest = HasEnd ? _rest[(end + 1)..] : default;
        Number++;
        return true;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        var start = 0;
        var end = line.Length;
        while (start < end && line[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\r') end--;
        return line[start..end];
    }
}
