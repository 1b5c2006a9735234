using IrohRpc.Generators.Wire;

namespace IrohRpc.Generators.Shipped;

/// <summary>The file that records what has shipped under each ALPN, read.</summary>
/// <remarks>
/// One readable line for each method and each type, sorted: two branches that add to different versions merge by themselves, and a conflict shows
/// the two methods that clash.
/// </remarks>
internal sealed class ShippedFile
{
    private readonly List<ShippedVersion> _versions = [];
    private readonly List<ShippedProblem> _problems = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private ShippedFile()
    {
    }

    /// <summary>A file that records nothing.</summary>
    public static ShippedFile Empty { get; } = new();

    /// <summary>The versions in the order of the file.</summary>
    public IReadOnlyList<ShippedVersion> Versions => _versions;

    /// <summary>What cannot be read; where there is any, the versions are not to be relied upon.</summary>
    public IReadOnlyList<ShippedProblem> Problems => _problems;

    /// <summary>The index of the line that begins the block of <paramref name="alpn"/>.</summary>
    public int LineOf(string alpn) => _lines[alpn];

    /// <summary>What is recorded for <paramref name="alpn"/>, or null.</summary>
    public ShippedVersion? Find(string alpn) => _versions.Find(version => version.Alpn == alpn);

    public static ShippedFile Parse(IEnumerable<string> lines)
    {
        var file = new ShippedFile();
        var comments = new List<string>();
        Dictionary<string, ShippedMethod> methods = [];
        Dictionary<string, ShippedType> types = [];
        int index = -1;
        foreach (string line in lines)
        {
            index++;
            string text = line.Trim();
            if (text.Length == 0)
            {
                comments.Clear();
            }
            else if (text[0] == '#')
            {
                comments.Add(text);
            }
            else if (Behind(text, "alpn") is { } alpn)
            {
                methods = new Dictionary<string, ShippedMethod>(StringComparer.Ordinal);
                types = new Dictionary<string, ShippedType>(StringComparer.Ordinal);
                file.Begin(alpn, index, [.. comments], methods, types);
            }
            else
            {
                file.Read(text, index, methods, types);
            }
        }

        file.CheckTypes();
        return file;
    }

    private static string? Behind(string text, string word)
        => text.Length > word.Length && text[word.Length] == ' ' && text.StartsWith(word, StringComparison.Ordinal)
            ? text.Substring(word.Length + 1).Trim()
            : null;

    private void Begin(
        string alpn, int line, string[] comments, Dictionary<string, ShippedMethod> methods, Dictionary<string, ShippedType> types)
    {
        const string retired = " retired";
        bool isRetired = alpn.EndsWith(retired, StringComparison.Ordinal);
        string name = isRetired ? alpn.Substring(0, alpn.Length - retired.Length).TrimEnd() : alpn;
        if (name.Contains(' '))
        {
            Report(line, $"says \"{name}\"; an ALPN has no spaces, and nothing but the word \"retired\" stands behind it");
        }
        else if (_lines.ContainsKey(name))
        {
            Report(line, $"begins \"{name}\" a second time; bring both blocks together in one");
        }
        else
        {
            _lines.Add(name, line);
            _versions.Add(new ShippedVersion(name, isRetired, comments, methods, types));
        }
    }

    private void Read(string text, int line, Dictionary<string, ShippedMethod> methods, Dictionary<string, ShippedType> types)
    {
        string method = Behind(text, "method") ?? "";
        string type = Behind(text, "type") ?? "";
        if (text.StartsWith("<<<<<<<", StringComparison.Ordinal) || text.StartsWith("|||||||", StringComparison.Ordinal)
            || text.StartsWith("=======", StringComparison.Ordinal) || text.StartsWith(">>>>>>>", StringComparison.Ordinal))
        {
            Report(line, "marks a merge conflict; keep what shipped from either side, and record again");
        }
        else if (_versions.Count == 0)
        {
            Report(line, "stands above the first \"alpn\"");
        }
        else if (ShippedMethod.Parse(method) is { } readMethod)
        {
            if (methods.ContainsKey(readMethod.Name))
            {
                Report(line, $"gives the method \"{readMethod.Name}\" a second time; keep the one that shipped");
            }

            methods[readMethod.Name] = readMethod;
        }
        else if (ShippedType.Parse(type) is { } readType)
        {
            if (types.ContainsKey(readType.Name))
            {
                Report(line, $"gives the type \"{readType.Name}\" a second time; keep the one that shipped");
            }

            types[readType.Name] = readType;
        }
        else
        {
            Report(line, $"is neither an alpn nor a method, a type or a comment: \"{text}\"");
        }
    }

    /// <summary>A merge that lost the line of a type would leave its layout unchecked.</summary>
    private void CheckTypes()
    {
        foreach (ShippedVersion version in _versions)
        {
            IEnumerable<TypeExpression> named = version.Methods.Values.SelectMany(method => method.Types)
                .Concat(version.Types.Values.Where(type => type.Form != ShippedForm.Enum)
                    .SelectMany(type => type.Members).Select(member => TypeExpression.Parse(member.Value)!));
            foreach (string missing in named.SelectMany(type => Missing(type, version)).Distinct())
            {
                Report(_lines[version.Alpn], $"begins \"{version.Alpn}\", which names the type \"{missing}\" without a line for it; put that line back");
            }
        }
    }

    private static IEnumerable<string> Missing(TypeExpression type, ShippedVersion version)
        => type.Name is "contract" or "custom" ? []
            : type.Arguments.SelectMany(argument => Missing(argument, version))
                .Concat(version.Types.ContainsKey(type.Text) || WireTypeNames.IsKnown(type.Name) ? [] : [type.Text]);

    private void Report(int line, string reason) => _problems.Add(new ShippedProblem(line, reason));
}
