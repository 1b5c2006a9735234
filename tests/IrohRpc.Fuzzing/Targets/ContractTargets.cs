using System.Text;
using IrohRpc.Generators.Shipped;

namespace IrohRpc.Fuzzing;

/// <summary>What the generator reads beside the source: the file that records what has shipped.</summary>
internal static class ContractTargets
{
    private const string Shipped = """
        # What has shipped.
        alpn greeter/1
        method HelloAsync (string) -> string
        type Greeting { string Text }

        """;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("shipped-contracts", static input => ShippedFile.Parse(Encoding.UTF8.GetString(input).Split('\n')), static () => [IdentityTargets.Text(Shipped)]),
    ];
}
