using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IrohRpc.Blobs;

/// <summary>
/// Says where a name that a stranger chose may be written: below a folder, and nowhere else, whatever the name. The rules are those of every
/// system at once, so that what one machine sends the next can keep.
/// </summary>
public static class SafePath
{
    // What file systems take, in bytes, and less than what a path may have with a folder before it.
    private const int MaxPartLength = 255;
    private const int MaxLength = 2000;

    private static readonly SearchValues<char> Special = SearchValues.Create("\\:*?\"<>|");

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>The path for a name.</summary>
    /// <param name="folder">The folder that nothing may leave.</param>
    /// <param name="name">The name, with <c>/</c> between its parts.</param>
    /// <param name="path">The path, where the result is true.</param>
    /// <param name="problem">Why there is none, as a clause, where the result is false. It holds nothing of the name that a terminal would obey.</param>
    /// <returns>
    /// False for a name that is absolute, empty, too long, leads upwards, has a control character or one that some system gives a meaning, is a
    /// device on some system, or would pass through a link that is there.
    /// </returns>
    public static bool TryResolve(
        string folder, string name, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(name);
        path = null;
        problem = ProblemOf(name);
        if (problem is not null)
        {
            return false;
        }

        string root = Path.GetFullPath(folder);
        string at = root;
        foreach (string part in name.Split('/'))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null || new DirectoryInfo(at).LinkTarget is not null)
            {
                problem = "it passes through a link";
                return false;
            }
        }

        path = at;
        return true;
    }

    private static string? ProblemOf(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > MaxLength)
        {
            return $"it is longer than {MaxLength} bytes";
        }

        foreach (string part in name.Split('/'))
        {
            string? problem = part switch
            {
                "" => "it is absolute, or a part of it is empty",
                "." or ".." => "it leads out of its folder",
                _ when Encoding.UTF8.GetByteCount(part) > MaxPartLength => $"a part of it is longer than {MaxPartLength} bytes",
                _ when part.Any(char.IsControl) => "it has a control character",
                _ when part.AsSpan().ContainsAny(Special) => "it has a character that some systems give a meaning",
                _ when part[^1] is '.' or ' ' => "a part of it ends with a dot or a space, which some systems drop",
                _ when Devices.Contains(part.Split('.')[0].TrimEnd(' ')) => "it is the name of a device on some systems",
                _ => null,
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }
}
