using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes the shipped file as the compiler handed it out: whole or not at all, with the line ends and the byte order mark that it had, and only where it
/// changes. Builds of several target frameworks may be at it at once.
/// </summary>
public sealed class WriteShippedContracts : Task
{
    private const int LockAttempts = 600;

    private static readonly byte[] Mark = { 0xEF, 0xBB, 0xBF };

    /// <summary>The generated file that holds the new text.</summary>
    [Required]
    public string Record { get; set; }

    /// <summary>The file to write.</summary>
    [Required]
    public string File { get; set; }

    /// <summary>Who has this open writes.</summary>
    [Required]
    public string LockFile { get; set; }

    public override bool Execute()
    {
        if (!System.IO.File.Exists(Record))
        {
            Log.LogError("The contracts were not recorded: the generator of IrohRpc did not run.");
            return false;
        }

        string[] lines = System.IO.File.ReadAllLines(Record);
        foreach (string refusal in Behind(lines, "//refused "))
        {
            Log.LogError(null, null, null, File, 0, 0, 0, 0, "Not recorded, because something that shipped would break: {0}", refusal);
        }

        List<string> text = Behind(lines, "//|").ToList();
        bool hasContracts = text.Any(line => line.StartsWith("alpn ", StringComparison.Ordinal));
        if (Log.HasLoggedErrors)
        {
            return false;
        }

        if (!hasContracts && !System.IO.File.Exists(File))
        {
            Log.LogMessage(MessageImportance.High, "Nothing was recorded in {0}: this project has no contracts.", Path.GetDirectoryName(File));
            return true;
        }

        using (Lock())
        {
            Write(text, Behind(lines, "//over ").Single());
        }

        return !Log.HasLoggedErrors;
    }

    private static IEnumerable<string> Behind(IEnumerable<string> lines, string prefix)
    {
        return lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line.Substring(prefix.Length));
    }

    private static string Hash(string text)
    {
        using (var sha256 = SHA256.Create())
        {
            return string.Concat(sha256.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(value => value.ToString("x2")));
        }
    }

    private void Write(List<string> lines, string over)
    {
        byte[] before = System.IO.File.Exists(File) ? System.IO.File.ReadAllBytes(File) : null;
        bool hasMark = before != null && before.Take(Mark.Length).SequenceEqual(Mark);
        string beforeText = before == null ? null : Encoding.UTF8.GetString(before, hasMark ? Mark.Length : 0, before.Length - (hasMark ? Mark.Length : 0));
        string lineEnd = beforeText != null && beforeText.Contains("\r\n") ? "\r\n" : "\n";
        string text = string.Concat(lines.Select(line => line + lineEnd));
        if (text == beforeText)
        {
            Log.LogMessage(MessageImportance.High, "{0} is up to date: nothing new was recorded.", File);
            return;
        }

        if (over != (beforeText == null ? "nothing" : Hash(beforeText)))
        {
            Log.LogError(
                null,
                null,
                null,
                File,
                0,
                0,
                0,
                0,
                "Not recorded, because the file changed under this build. "
                    + "One file cannot hold contracts that differ between target frameworks; otherwise, record again.");
            return;
        }

        string temporary = File + "." + Guid.NewGuid().ToString("N") + ".tmp";
        System.IO.File.WriteAllBytes(temporary, (hasMark ? Mark : new byte[0]).Concat(Encoding.UTF8.GetBytes(text)).ToArray());
        if (before == null)
        {
            System.IO.File.Move(temporary, File);
        }
        else
        {
            System.IO.File.Replace(temporary, File, null);
        }

        Log.LogMessage(MessageImportance.High, "Recorded what ships in {0}; commit it.", File);
    }

    private FileStream Lock()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < LockAttempts)
            {
                Thread.Sleep(50);
            }
        }
    }
}
