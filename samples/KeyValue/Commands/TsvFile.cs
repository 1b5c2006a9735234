using System.Runtime.CompilerServices;
using System.Text;

namespace KeyValue.Commands;

/// <summary>Rows of a key, a tab and a value.</summary>
internal static class TsvFile
{
    /// <summary>Reads the rows of a file, one at a time. Empty lines are skipped; a line without a tab has an empty value.</summary>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in File.ReadLinesAsync(file, cancellationToken))
        {
            if (line.Length == 0)
            {
                continue;
            }

            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            yield return tab < 0
                ? new ImportRow(line, default)
                : new ImportRow(line[..tab], Encoding.UTF8.GetBytes(line[(tab + 1)..]));
        }
    }
}
