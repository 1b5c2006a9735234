using System.Text.Json;

namespace IrohRpc.Tests;

/// <summary>The published vectors that lie beside this file.</summary>
internal static class TestVectors
{
    public static JsonElement[] Libp2pTls { get; } = Read("libp2p-tls-vectors.json");

    public static JsonElement[] IrohTickets { get; } = Read("iroh-ticket-vectors.json");

    private static JsonElement[] Read(string name)
    {
        using Stream stream = typeof(TestVectors).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("vectors").EnumerateArray()];
    }
}
