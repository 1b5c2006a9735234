using IrohRpc.Extensions.Policies;
using Microsoft.Extensions.Options;

namespace IrohRpc.Policies.Tests;

public sealed class AuthorizationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Method_is_for_whom_all_attributes_admit(bool onSockets)
    {
        await using Peers peers = await Peers.StartAsync<IVault>(
            new Vault(), (interceptors, client) => interceptors.AddAuthorization(options => options.AddPolicy("members", client).AddPolicy("admins", [])), onSockets);
        IVault member = peers.Connect<IVault>();
        Assert.Equal("key", await member.ReadAsync("key", Token).AsTask().WaitAsync(Peers.Bound, Token));
        await DeniedAsync(member.EraseAsync("key", Token).AsTask());
        Assert.Equal([1], await member.WatchAsync(Token).ToListAsync(Token));

        IVault stranger = peers.Connect<IVault>(await peers.AddAsync());
        Assert.Equal("vault", await stranger.NameAsync(Token));
        await DeniedAsync(stranger.ReadAsync("key", Token).AsTask());
        await DeniedAsync(stranger.WatchAsync(Token).ToListAsync(Token).AsTask());
    }

    [Fact]
    public async Task Policy_that_nobody_wrote_denies()
    {
        await using Peers peers = await Peers.StartAsync<IVault>(new Vault(), (interceptors, client) => interceptors.AddAuthorization(options => options.AddPolicy("members", client)));
        await DeniedAsync(peers.Connect<IVault>().LostAsync(Token).AsTask());
        await DeniedAsync(peers.Connect<IVault>().DefaultAsync(Token).AsTask());
    }

    [Fact]
    public async Task Policy_that_throws_denies()
    {
        await using Peers peers = await Peers.StartAsync<IVault>(
            new Vault(), (interceptors, _) => interceptors.AddAuthorization(options => options.AddPolicy("members", _ => throw new InvalidOperationException("Out of order."))));
        await DeniedAsync(peers.Connect<IVault>().ReadAsync("key", Token).AsTask());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Contract_without_attributes_is_open_unless_denied_by_default(bool deniesByDefault, bool isOpen)
    {
        await using Peers peers = await Peers.StartAsync<IDesk>(
            new Desk(), (interceptors, _) => interceptors.AddAuthorization(options => options.DenyByDefault = deniesByDefault));
        Task<int> call = peers.Connect<IDesk>().AskAsync(5, Token).AsTask();
        if (isOpen)
        {
            Assert.Equal(5, await call);
        }
        else
        {
            await DeniedAsync(call);
        }
    }

    [Fact]
    public async Task Default_policy_decides_where_nothing_is_said()
    {
        EndpointId? asked = null;
        await using Peers peers = await Peers.StartAsync<IDesk>(new Desk(), (interceptors, _) => interceptors.AddAuthorization(options =>
        {
            options.DenyByDefault = true;
            options.DefaultPolicy = invocation =>
            {
                asked = invocation.PeerId;
                return ValueTask.FromResult(true);
            };
        }));
        Assert.Equal(5, await peers.Connect<IDesk>().AskAsync(5, Token));
        Assert.Equal(peers.Client.Id, asked);
    }

    [Fact]
    public async Task Denied_call_is_not_decoded_though_validation_was_registered_first()
    {
        int validated = 0;
        await using Peers peers = await Peers.StartAsync<IVault>(new Vault(), (interceptors, _) => interceptors
            .AddValidation(validation => validation.Add((_, _, _) =>
            {
                validated++;
                return ValueTask.FromResult<string?>(null);
            }))
            .AddAuthorization(options => options.AddPolicy("members", [])));
        await DeniedAsync(peers.Connect<IVault>().ReadAsync("key", Token).AsTask());
        Assert.Equal(0, validated);
    }

    [Fact]
    public async Task List_in_a_file_is_read_anew_when_it_changes()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "peers.txt");
        await File.WriteAllTextAsync(path, "# nobody yet\n", Token);
        using var list = PeerAllowList.FromFile(path);
        await using Peers peers = await Peers.StartAsync<IVault>(
            new Vault(), (interceptors, _) => interceptors.AddAuthorization(options => options.AddPolicy("members", list)));
        IVault vault = peers.Connect<IVault>();
        await DeniedAsync(vault.ReadAsync("key", Token).AsTask());

        var changed = new SemaphoreSlim(0);
        list.Changed += (_, _) => changed.Release();
        await ReplaceAsync(path, $"{peers.Client.Id} # the client\n");
        while (list.Count == 0)
        {
            Assert.True(await changed.WaitAsync(Peers.Bound, Token));
        }

        Assert.Equal("key", await vault.ReadAsync("key", Token));

        // What cannot be read changes nothing.
        await ReplaceAsync(path, "no id at all\n");
        list.Reload();
        Assert.Equal("key", await vault.ReadAsync("key", Token));
        File.Delete(path);
        list.Reload();
        Assert.Equal("key", await vault.ReadAsync("key", Token));
    }

    [Fact]
    public void List_names_what_is_no_id()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "peers.txt");
        File.WriteAllText(path, "nonsense\n");
        Assert.Contains("nonsense", Assert.Throws<FormatException>(() => PeerAllowList.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_in_options_follows_them()
    {
        EndpointId peer = SecretKey.Generate().Id;
        var monitor = new ChangingOptions();
        using var list = PeerAllowList.FromOptions(monitor);
        Assert.False(list.Contains(peer));
        monitor.Change(new PeerAllowListOptions { Peers = { peer.ToString() } });
        Assert.True(list.Contains(peer));
        monitor.Change(new PeerAllowListOptions { Peers = { "nonsense" } });
        Assert.True(list.Contains(peer));
    }

    private static async Task DeniedAsync(Task call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Peers.Bound, Token));
        Assert.Equal(RpcStatusCode.PermissionDenied, error.StatusCode);
    }

    private static async Task ReplaceAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path + ".new", text, Token);
        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed class ChangingOptions : IOptionsMonitor<PeerAllowListOptions>
    {
        private Action<PeerAllowListOptions, string?>? _changed;

        public PeerAllowListOptions CurrentValue { get; private set; } = new();

        public void Change(PeerAllowListOptions value)
        {
            CurrentValue = value;
            _changed?.Invoke(value, Options.DefaultName);
        }

        public PeerAllowListOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<PeerAllowListOptions, string?> listener)
        {
            _changed += listener;
            return null;
        }
    }
}
