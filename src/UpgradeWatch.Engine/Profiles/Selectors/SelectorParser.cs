using System.Globalization;
using System.Text;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Reads one selector. A parser is used once.</summary>
internal sealed class SelectorParser(string text)
{
    private int _at;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>The selector, or null with <see cref="Error"/>.</summary>
    public Selector? Parse()
    {
        Skip();
        var metric = Name(allowColon: true);
        if (metric.Length == 0) return Fail<Selector>("a metric name such as http_requests_total is expected");

        Skip();
        var matches = new List<LabelMatch>();
        if (Take('{') && !Matchers(matches)) return null;

        Skip();
        return _at == text.Length
            ? new Selector(metric, matches)
            : Fail<Selector>("the selector should end here: functions, ranges and offsets are PromQL, not a plain selector");
    }

    private bool Matchers(List<LabelMatch> matches)
    {
        while (true)
        {
            Skip();
            if (Take('}')) return true;

            if (Matcher() is not { } match) return false;

            matches.Add(match);
            Skip();
            if (Take(',')) continue;
            if (Take('}')) return true;

            Fail<string>("a comma or the closing brace is expected");
            return false;
        }
    }

    private LabelMatch? Matcher()
    {
        var name = Name(allowColon: false);
        if (name.Length == 0) return Fail<LabelMatch>("a label name is expected ([a-zA-Z_][a-zA-Z0-9_]*)");
        if (name == "__name__") return Fail<LabelMatch>("the metric name is written before the brace, not as __name__");

        Skip();
        if (Operator() is not { } matchOperator) return Fail<LabelMatch>("one of = != =~ !~ is expected");

        Skip();
        return Literal() is { } value ? new LabelMatch(name, matchOperator, value) : null;
    }

    private MatchOperator? Operator()
    {
        if (Take("=~")) return MatchOperator.Matches;
        if (Take("!~")) return MatchOperator.NotMatches;
        if (Take("!=")) return MatchOperator.NotEqual;
        return Take('=') ? MatchOperator.Equal : null;
    }

    private string? Literal()
    {
        if (_at == text.Length || text[_at] is not ('"' or '\'' or '`')) return Fail<string>("a value in quotes is expected");

        var quote = text[_at++];
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] != quote)
        {
            var character = text[_at];
            if (quote == '`' || character is not ('\\' or '\n'))
            {
                value.Append(character);
                _at++;
            }
            else if (character == '\n')
            {
                return Fail<string>(@"a newline inside quotes is written \n");
            }
            else if (!Escape(value))
            {
                return null;
            }
        }

        return Take(quote) ? value.ToString() : Fail<string>($"the closing quote {quote} is missing");
    }

    private bool Escape(StringBuilder value)
    {
        var kind = _at + 1 < text.Length ? text[_at + 1] : '\0';
        var plain = kind switch
        {
            '\\' or '"' or '\'' => kind,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        if (plain != '\0')
        {
            value.Append(plain);
            _at += 2;
            return true;
        }

        var digits = kind switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits > 0 && _at + 2 + digits <= text.Length &&
            ushort.TryParse(text.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            value.Append((char)code);
            _at += 2 + digits;
            return true;
        }

        Fail<string>("""the escape is not known; \\ \" \' \n \r \t \xHH and \uHHHH are (a backslash in a pattern is written \\)""");
        return false;
    }

    private string Name(bool allowColon)
    {
        var start = _at;
        while (_at < text.Length && IsNameCharacter(text[_at], _at > start, allowColon)) _at++;
        return text[start.._at];
    }

    private static bool IsNameCharacter(char character, bool inside, bool allowColon) =>
        char.IsAsciiLetter(character) || character == '_' || (allowColon && character == ':') || (inside && char.IsAsciiDigit(character));

    private void Skip()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private bool Take(char character)
    {
        if (_at == text.Length || text[_at] != character) return false;

        _at++;
        return true;
    }

    private bool Take(string symbol)
    {
        if (!text.AsSpan(_at).StartsWith(symbol, StringComparison.Ordinal)) return false;

        _at += symbol.Length;
        return true;
    }

    private T? Fail<T>(string expectation)
        where T : class
    {
        Error = string.Create(CultureInfo.InvariantCulture, $"'{text}', column {_at + 1}: {expectation}.");
        return null;
    }
}
