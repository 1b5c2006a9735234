using Microsoft.Extensions.Configuration;

namespace IrohRpc.Extensions.Hosting.Internal.Settings;

/// <summary>
/// The keys of a configuration section and what each does to an options object, without reflection. A key that is not known is a mistake: it would have no effect, and
/// nobody would see why.
/// </summary>
internal sealed class SettingTable<T>
    where T : class
{
    private readonly Dictionary<string, Action<IConfigurationSection, T, List<string>>> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys, each as its option is called.</summary>
    public IEnumerable<string> Keys => _settings.Keys;

    /// <summary>Adds a key with one value.</summary>
    public SettingTable<T> Add<TValue>(string key, Func<string, TValue> parse, Action<T, TValue> set)
    {
        _settings.Add(key, (section, target, mistakes) =>
        {
            if (section.Value is not { } text)
            {
                mistakes.Add(section.GetChildren().Any()
                    ? $"The configuration key '{section.Path}' takes one value, and has keys below it."
                    : $"The configuration key '{section.Path}' has no value.");
                return;
            }

            Attempt(section, mistakes, () => set(target, parse(text)));
        });
        return this;
    }

    /// <summary>Adds a key with several values: an array, or one text with commas.</summary>
    public SettingTable<T> AddList<TValue>(string key, Func<string, IEnumerable<TValue>> parse, Action<T, List<TValue>> set)
    {
        _settings.Add(key, (section, target, mistakes) =>
        {
            var values = new List<TValue>();
            int before = mistakes.Count;
            if (section.Value is { } text)
            {
                foreach (string entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    Attempt(section, mistakes, () => values.AddRange(parse(entry)));
                }
            }

            foreach (IConfigurationSection entry in section.GetChildren())
            {
                Attempt(entry, mistakes, () => values.AddRange(parse(entry.Value ?? "")));
            }

            if (mistakes.Count == before)
            {
                Attempt(section, mistakes, () => set(target, values));
            }
        });
        return this;
    }

    /// <summary>Adds a section below, with an object of its own.</summary>
    public SettingTable<T> AddSection<TInner>(string key, Func<T, TInner> get, SettingTable<TInner> table)
        where TInner : class
    {
        _settings.Add(key, (section, target, mistakes) =>
        {
            if (section.Value is { Length: > 0 })
            {
                mistakes.Add($"The configuration key '{section.Path}' takes keys below it, and has a value.");
            }

            table.Read(section, get(target), mistakes);
        });
        return this;
    }

    /// <summary>Adds a section below that another table reads, for another object.</summary>
    public SettingTable<T> AddForeign(string key)
    {
        _settings.Add(key, static (_, _, _) => { });
        return this;
    }

    /// <summary>Takes over the keys of another table for options that derive from its own.</summary>
    public SettingTable<T> AddAll<TBase>(SettingTable<TBase> table)
        where TBase : class
    {
        foreach ((string key, Action<IConfigurationSection, TBase, List<string>> setting) in table._settings)
        {
            _settings.Add(key, (section, target, mistakes) => setting(section, (TBase)(object)target, mistakes));
        }

        return this;
    }

    /// <summary>Reads a section into an object.</summary>
    /// <param name="section">The section.</param>
    /// <param name="target">The object.</param>
    /// <param name="skipUnknown">Whether keys that are not known are another table's, which says so where they are nobody's.</param>
    /// <exception cref="FormatException">Something in it is wrong; the message names the key of each mistake.</exception>
    public void Read(IConfiguration section, T target, bool skipUnknown = false)
    {
        var mistakes = new List<string>();
        Read(section, target, mistakes, skipUnknown);
        if (mistakes.Count > 0)
        {
            throw new FormatException(string.Join(Environment.NewLine, mistakes));
        }
    }

    private void Read(IConfiguration section, T target, List<string> mistakes, bool skipUnknown = false)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (_settings.TryGetValue(entry.Key, out Action<IConfigurationSection, T, List<string>>? setting))
            {
                setting(entry, target, mistakes);
            }
            else if (!skipUnknown)
            {
                mistakes.Add($"The configuration key '{entry.Path}' is not known. Known are {string.Join(", ", _settings.Keys)}.");
            }
        }
    }

    // The value stays out of the message where it could be a secret: what failed to be read may be a key.
    private static void Attempt(IConfigurationSection section, List<string> mistakes, Action set)
    {
        try
        {
            set();
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            mistakes.Add($"The configuration key '{section.Path}' cannot be read: {exception.Message}");
        }
        catch (ArgumentException exception)
        {
            string reason = exception.ParamName is { } name ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;
            mistakes.Add($"The configuration key '{section.Path}' is out of range: {reason.ReplaceLineEndings(" ")}");
        }
    }
}
