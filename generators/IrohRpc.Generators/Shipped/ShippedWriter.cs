using System.Text;

namespace IrohRpc.Generators.Shipped;

/// <summary>Writes what has shipped: the same text for the same contracts, whatever the order of their source.</summary>
internal static class ShippedWriter
{
    private const string Header =
        """
        # What shipped under each ALPN. Peers out there speak it, so that nothing that stands here may change.
        # Written by "dotnet build -p:RecordContracts=true"; who retires an ALPN writes "retired" behind it.

        """;

    /// <summary>The whole file, with line feeds.</summary>
    public static string Write(IEnumerable<ShippedVersion> versions)
    {
        var text = new StringBuilder(Header.Replace("\r", ""));
        foreach (ShippedVersion version in versions.OrderBy(version => version.Alpn, AlpnOrder.Instance))
        {
            text.Append('\n');
            foreach (string comment in version.Comments)
            {
                text.Append(comment).Append('\n');
            }

            text.Append("alpn ").Append(version.Alpn).Append(version.IsRetired ? " retired\n" : "\n");
            foreach (ShippedMethod method in version.Methods.Values.OrderBy(method => method.Name, StringComparer.Ordinal))
            {
                text.Append("  method ").Append(method).Append('\n');
            }

            foreach (ShippedType type in version.Types.Values.OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                text.Append("  type ").Append(type).Append('\n');
            }
        }

        return text.ToString();
    }
}
