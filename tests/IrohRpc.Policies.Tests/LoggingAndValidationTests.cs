using System.Collections.Concurrent;
using IrohRpc.Extensions.Policies;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Policies.Tests;

public sealed class LoggingAndValidationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_tells_of_the_call_without_what_is_sensitive()
    {
        using var log = new Lines();
        await using Peers peers = await Peers.StartAsync<IDesk>(new Desk(), (interceptors, _) => interceptors.AddLogging(log, options =>
        {
            options.LogArguments = true;
            options.LogResults = true;
        }));
        Assert.Equal(6, await peers.Connect<IDesk>().TellAsync(5, "hunter2", Token));
        string line = await log.NextAsync();
        Assert.StartsWith($"Information Call from {peers.Client.Id.ToShortString()} of IDesk.TellAsync ended with OK after ", line, StringComparison.Ordinal);
        Assert.EndsWith(" (number=5, secret=[redacted]) = 6", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_tells_of_what_was_denied_and_does_not_decode_it()
    {
        using var log = new Lines();
        await using Peers peers = await Peers.StartAsync<IVault>(new Vault(), (interceptors, _) => interceptors
            .AddAuthorization(options => options.AddPolicy("members", []))
            .AddLogging(log, options => options.LogArguments = true));
        await Assert.ThrowsAsync<RpcException>(() => peers.Connect<IVault>().ReadAsync("key", Token).AsTask());
        string line = await log.NextAsync();
        Assert.StartsWith("Warning Call from", line, StringComparison.Ordinal);
        Assert.EndsWith(" ms", line, StringComparison.Ordinal);
        Assert.Contains("PermissionDenied", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_names_no_types_of_this_process_where_a_value_has_no_text()
    {
        using var log = new Lines();
        await using Peers peers = await Peers.StartAsync<IDesk>(new Desk(), (interceptors, _) => interceptors.AddLogging(log, options => options.LogArguments = true));
        await peers.Connect<IDesk>().StoreAsync(new MemoryStream([1, 2, 3]), new Progress<int>(), Token);
        Assert.EndsWith("(bytes=(bytes), progress=(object))", await log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_a_stranger_makes_no_lines_of_its_own()
    {
        using var log = new Lines();
        await using Peers peers = await Peers.StartAsync<IVault>(new Vault(), (interceptors, _) => interceptors.AddLogging(log, options =>
        {
            options.LogArguments = true;
            options.MaxValueLength = 12;
        }));
        await peers.Connect<IVault>().ReadAsync("one\r\nINFO: two three", Token);
        Assert.EndsWith("(key=one\\u000d\\u000aINFO: t...)", await log.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wrong_argument_ends_the_call_before_its_handler(bool atService)
    {
        var desk = new Desk();
        var client = new ClientOptions();
        await using Peers peers = await Peers.StartAsync<IDesk>(desk, (interceptors, _) => (atService ? interceptors : client.Interceptors)
            .AddValidation(validation => validation.For<int>(number => number < 0 ? "It is negative." : null)));
        IDesk proxy = peers.Connect<IDesk>(options: client);
        Assert.Equal(1, await proxy.AskAsync(1, Token));
        var error = await Assert.ThrowsAsync<RpcException>(() => proxy.AskAsync(-1, Token).AsTask());
        Assert.Equal((RpcStatusCode.InvalidArgument, "IDesk.AskAsync: argument \"number\": It is negative.", 1), (error.StatusCode, error.Message, desk.Asked));
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly SemaphoreSlim _written = new(0);

        public async Task<string> NextAsync()
        {
            Assert.True(await _written.WaitAsync(Peers.Bound, Token));
            return _lines.TryDequeue(out string? line) ? line : "";
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue($"{logLevel} {formatter(state, exception)}");
            _written.Release();
        }

        public void Dispose()
        {
        }
    }
}
