namespace IrohRpc.Extensions.Hosting.Internal.Settings;

/// <summary>Where the key of an endpoint is, as the program or its configuration says.</summary>
internal sealed class SecretKeyFileSettings
{
    public string? Path { get; set; }

    public bool CreateIfMissing { get; set; }
}
