using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Hosting.Tests;

/// <summary>Where the key of a hosted endpoint comes from.</summary>
public sealed class SecretKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-hosting-");

    private string KeyFile => Path.Combine(_folder.FullName, "peer.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_key_file_keeps_the_id_over_a_restart()
    {
        EndpointId first = await StartAndReadIdAsync(builder => builder.UseSecretKeyFile(KeyFile, createIfMissing: true));
        Assert.Equal(first, await StartAndReadIdAsync(builder => builder.UseSecretKeyFile(KeyFile)));
    }

    [Fact]
    public async Task Configuration_names_the_file_and_whether_it_is_made()
    {
        EndpointId first = await StartAndReadIdAsync(builder => builder.Bind(Section(("SecretKeyFile", KeyFile), ("CreateSecretKeyFile", "true"))));
        Assert.Equal(first, await StartAndReadIdAsync(builder => builder.Bind(Section(("SecretKeyFile", KeyFile)))));
    }

    [Fact]
    public async Task A_missing_file_fails_the_start()
    {
        FileNotFoundException missing = await Assert.ThrowsAsync<FileNotFoundException>(
            () => StartAndReadIdAsync(builder => builder.Bind(Section(("SecretKeyFile", KeyFile)))));
        Assert.Contains(KeyFile, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_others_read_fails_the_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await StartAndReadIdAsync(builder => builder.UseSecretKeyFile(KeyFile, createIfMissing: true));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => StartAndReadIdAsync(builder => builder.UseSecretKeyFile(KeyFile)));
    }

    [Fact]
    public async Task A_provider_gives_the_key_and_the_host_disposes_of_it()
    {
        var provider = new Provider();
        Assert.Equal(provider.Key.Id, await StartAndReadIdAsync(builder => builder.UseSecretKeyProvider(_ => provider)));
        Assert.Throws<ObjectDisposedException>(() => provider.Key.ExportText());
    }

    [Fact]
    public async Task Two_keys_fail_the_start()
    {
        using SecretKey key = SecretKey.Generate();
        InvalidOperationException two = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAndReadIdAsync(builder => builder.Configure((options, _) => options.SecretKey = key).UseSecretKeyFile(KeyFile, createIfMissing: true)));
        Assert.Contains("two secret keys", two.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Section(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Peer:{setting.Key}", (string?)setting.Value))).Build().GetSection("Peer");

    private static async Task<EndpointId> StartAndReadIdAsync(Action<IPeerEndpointBuilder> configure)
    {
        await using var host = new RunningHost(await TestHost.StartAsync(builder => configure(TestTransport.Create("memory").AddEndpoint(builder.Services))));
        return host.Host.Endpoint().Endpoint.Id;
    }

    private sealed class Provider : ISecretKeyProvider
    {
        public SecretKey Key { get; } = SecretKey.Generate();

        public ValueTask<SecretKey> GetSecretKeyAsync(CancellationToken cancellationToken) => new(Key);
    }
}
