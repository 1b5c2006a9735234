using PrintShop.Service;

WebApplication app = PrintShopHost.Build(args);
await app.RunAsync();
